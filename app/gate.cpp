#include "app/gate.hpp"

#include "schema/json_text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cctype>

#include <openssl/crypto.h>

namespace atrium::app {

namespace {

net::http_response refuse(unsigned status, std::string_view why) {
  std::string body = R"({"error":)";
  append_json_string(body, why);
  body += '}';
  auto result = net::make_response(status, std::move(body), "application/json");
  if (status == 401)
    result.headers.emplace_back("WWW-Authenticate", "Bearer");
  return result;
}

bool same_text(std::string_view x, std::string_view y) {
  return std::ranges::equal(x, y, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

/// `host:port` without its port; of `[::1]:80` what is in the brackets.
std::string_view without_port(std::string_view host) {
  if (host.starts_with('['))
    return host.substr(1, host.find(']') == host.npos ? host.npos : host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_address(std::string_view host) {
  boost::system::error_code ec;
  boost::asio::ip::make_address(std::string{host}, ec);
  return ! ec;
}

bool same_token(std::string_view x, std::string_view y) {
  return x.size() == y.size() && CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

} // namespace

bool names_origin(const config::access_options& access, std::string_view origin) {
  return std::ranges::any_of(access.allowed_origins,
                             [&](auto& x) { return x == "*" || same_text(x, origin); });
}

gate::gate(config::access_options access, std::string token, std::string host_name,
           std::string engine_path)
  : access_{std::move(access)},
    token_{std::move(token)},
    host_name_{std::move(host_name)},
    engine_path_{std::move(engine_path)} {
}

bool gate::host_allowed(std::string_view host) const {
  auto name = without_port(host);
  if (name.empty() || same_text(name, "localhost") || name.ends_with(".localhost")
      || is_address(name) || same_text(name, host_name_))
    return true;
  return std::ranges::any_of(access_.allowed_hosts, [&](auto& x) {
    return x == "*" || same_text(x, name) || same_text(x, host);
  });
}

bool gate::origin_allowed(std::string_view origin, std::string_view host) const {
  auto scheme = origin.find("://");
  if (scheme != origin.npos && same_text(origin.substr(scheme + 3), host))
    return true;
  return names_origin(access_, origin);
}

bool gate::token_shown(const net::request_info& x) const {
  constexpr std::string_view scheme = "bearer ";
  auto header = x.header("authorization");
  if (header.size() > scheme.size() && same_text(header.substr(0, scheme.size()), scheme)
      && same_token(header.substr(scheme.size()), token_))
    return true;
  return same_token(x.parameter("token"), token_);
}

bool gate::is_preflight(const net::request_info& x) const {
  return x.method == "OPTIONS" && ! x.header("access-control-request-method").empty()
         && x.path().starts_with(engine_path_);
}

std::optional<net::http_response> gate::operator()(const net::request_info& x) const {
  auto host = x.header("host");
  if (! host_allowed(host))
    return refuse(403, "this host name is not allowed; see allowed_hosts in the configuration");
  if (auto origin = x.header("origin"); ! origin.empty() && ! origin_allowed(origin, host))
    return refuse(403, "this origin is not allowed; see allowed_origins in the configuration");
  if (! token_.empty() && x.path() != "/healthz" && ! is_preflight(x) && ! token_shown(x))
    return refuse(401, "a token is required: Authorization: Bearer TOKEN, or ?token=TOKEN");
  return std::nullopt;
}

} // namespace atrium::app
