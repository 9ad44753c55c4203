#include "net/engine/answers.hpp"

#include "schema/json.hpp"

namespace atrium::net::engine {

std::string_view message_of(error_code x) noexcept {
  switch (x) {
    case error_code::unknown_transport: return "Transport unknown";
    case error_code::unknown_sid: return "Session ID unknown";
    case error_code::bad_handshake_method: return "Bad handshake method";
    case error_code::bad_request: return "Bad request";
    case error_code::forbidden: return "Forbidden";
    case error_code::unsupported_protocol_version: return "Unsupported protocol version";
  }
  return "Bad request";
}

http_response refuse_request(const refusal& x) {
  boost::json::object body{{"code", static_cast<unsigned>(x.code)}, {"message", x.message}};
  return make_response(x.code == error_code::forbidden ? 403 : 400, boost::json::serialize(body),
                       "application/json");
}

http_response refuse_upgrade(std::string_view message) {
  auto out = make_response(400, std::string{message}, "text/html");
  out.close = true;
  return out;
}

http_response answer_payload(std::string body, bool binary) {
  auto out = make_response(200, std::move(body),
                           binary ? "application/octet-stream" : "text/plain; charset=UTF-8");
  out.headers.emplace_back("cache-control", "no-store");
  return out;
}

http_response answer_ok() {
  auto out = make_response(200, "ok", "text/html");
  out.headers.emplace_back("cache-control", "no-store");
  return out;
}

http_response answer_empty(unsigned status) {
  http_response out;
  out.status = status;
  return out;
}

} // namespace atrium::net::engine
