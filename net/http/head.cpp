#include "net/http/head.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace atrium::net {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

std::string_view view(beast::string_view x) noexcept {
  return {x.data(), x.size()};
}

std::string lower_case(std::string_view x) {
  std::string out{x};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

} // namespace

bool asks_for_websocket(const raw_request& request) {
  return request.version() >= 11
         && http::token_list{request[http::field::connection]}.exists("upgrade")
         && http::token_list{request[http::field::upgrade]}.exists("websocket");
}

request_info make_request_info(const raw_request& request, const remote_peer& remote) {
  request_info out;
  out.method = view(request.method_string());
  out.target = view(request.target());
  for (auto& x : request)
    out.headers.add(lower_case(view(x.name_string())), view(x.value()));
  if (auto query = out.target.find('?'); query != out.target.npos)
    out.query = parse_query(std::string_view{out.target}.substr(query + 1));
  out.remote_address = remote.endpoint.address();
  out.remote_port = remote.endpoint.port();
  out.secure = remote.secure;
  out.client_certificate = remote.certificate;
  out.upgrade = asks_for_websocket(request);
  return out;
}

std::string response_head(const http_response& x, bool keep_alive) {
  std::string out = "HTTP/1.1 ";
  out.append(std::to_string(x.status)).push_back(' ');
  out.append(view(http::obsolete_reason(static_cast<http::status>(x.status)))).append("\r\n");
  for (auto& [name, value] : x.headers)
    out.append(name).append(": ").append(value).append("\r\n");
  out.append(keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
  if (x.status != 204 && x.status != 304)
    out.append("Content-Length: ").append(std::to_string(x.body.size())).append("\r\n");
  return out.append("\r\n");
}

} // namespace atrium::net
