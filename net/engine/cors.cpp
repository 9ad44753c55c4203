#include "net/engine/cors.hpp"

namespace atrium::net::engine {

namespace {

void vary(header_list& headers, std::string_view name) {
  for (auto& [key, value] : headers)
    if (key == "Vary") {
      value.append(", ").append(name);
      return;
    }
  headers.emplace_back("Vary", name);
}

void add_origin(header_list& out, const cors_options& x, const request_info& request) {
  constexpr auto name = "Access-Control-Allow-Origin";
  if (x.origin == "*") {
    out.emplace_back(name, "*");
    return;
  }
  if (! x.origin.empty())
    out.emplace_back(name, x.origin);
  else if (auto origin = request.header("origin"); x.allowed && x.allowed(origin))
    out.emplace_back(name, origin);
  vary(out, "Origin");
}

} // namespace

header_list cors_headers(const cors_options& x, const request_info& request) {
  header_list out;
  add_origin(out, x, request);
  if (x.credentials)
    out.emplace_back("Access-Control-Allow-Credentials", "true");
  if (! x.exposed_headers.empty())
    out.emplace_back("Access-Control-Expose-Headers", x.exposed_headers);
  return out;
}

http_response cors_preflight(const cors_options& x, const request_info& request) {
  http_response out;
  out.status = x.preflight_status;
  auto& headers = out.headers;
  add_origin(headers, x, request);
  if (x.credentials)
    headers.emplace_back("Access-Control-Allow-Credentials", "true");
  headers.emplace_back("Access-Control-Allow-Methods", x.methods);
  if (! x.allowed_headers.empty()) {
    headers.emplace_back("Access-Control-Allow-Headers", x.allowed_headers);
  } else {
    vary(headers, "Access-Control-Request-Headers");
    if (auto wanted = request.header("access-control-request-headers"); ! wanted.empty())
      headers.emplace_back("Access-Control-Allow-Headers", wanted);
  }
  if (x.max_age)
    headers.emplace_back("Access-Control-Max-Age", std::to_string(x.max_age->count()));
  if (out.status == 204)
    headers.emplace_back("Content-Length", "0");
  return out;
}

std::string session_cookie(const cookie_options& x, std::string_view sid) {
  auto out = x.name + "=" + std::string{sid};
  if (x.max_age)
    out += "; Max-Age=" + std::to_string(x.max_age->count());
  if (! x.domain.empty())
    out += "; Domain=" + x.domain;
  if (! x.path.empty())
    out += "; Path=" + x.path;
  if (x.http_only && ! x.path.empty())
    out += "; HttpOnly";
  if (x.secure)
    out += "; Secure";
  if (! x.same_site.empty())
    out += "; SameSite=" + x.same_site;
  return out;
}

void finish_polling_answer(http_response& answer, const options& x, const request_info& request,
                           std::string_view sid) {
  if (answer.status != 200)
    return;
  auto agent = request.header("user-agent");
  if (agent.find(";MSIE") != agent.npos || agent.find("Trident/") != agent.npos)
    answer.headers.emplace_back("X-XSS-Protection", "0");
  if (! sid.empty()) {
    if (x.cookie)
      answer.headers.emplace_back("Set-Cookie", session_cookie(*x.cookie, sid));
    if (x.initial_headers)
      x.initial_headers(answer.headers, request);
  }
  if (x.headers)
    x.headers(answer.headers, request);
}

} // namespace atrium::net::engine
