#include "net/engine/verify.hpp"

#include <algorithm>

namespace atrium::net::engine {

namespace {

std::optional<transport> parse_transport(std::string_view name) noexcept {
  for (auto x : {transport::polling, transport::websocket})
    if (name == to_string(x))
      return x;
  return std::nullopt;
}

bool legal_header_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

std::optional<refusal> verify_session(const request_info& request, const engine_query& query,
                                      transport wanted, const session_facts* session) {
  if (! session)
    return refuse(error_code::unknown_sid, query.sid);
  if (! request.upgrade && session->current != wanted)
    return refuse(error_code::bad_request, "TRANSPORT_MISMATCH");
  if (session->protocol != query.protocol)
    return refuse(error_code::bad_request, "PROTOCOL_MISMATCH");
  return std::nullopt;
}

} // namespace

engine_query::engine_query(const request_info& request) noexcept
  : transport_name{request.parameter("transport")},
    sid{request.parameter("sid")},
    protocol{request.parameter("EIO") == "4" ? 4 : 3},
    base64{! request.parameter("b64").empty()} {
}

refusal refuse(error_code code, std::string_view context) {
  return {code, std::string{message_of(code)}, std::string{context}};
}

std::string endpoint_prefix(const options& x) {
  auto out = x.path;
  while (! out.empty() && out.back() == '/')
    out.pop_back();
  if (x.add_trailing_slash)
    out.push_back('/');
  return out;
}

std::optional<refusal> verify(const options& x, const request_info& request,
                              const engine_query& query, const session_facts* session) {
  auto wanted = parse_transport(query.transport_name);
  if (! wanted || ! x.transports.contains(*wanted))
    return refuse(error_code::unknown_transport, query.transport_name);
  if (! legal_header_value(request.header("origin")))
    return refuse(error_code::bad_request, "INVALID_ORIGIN");
  // Upgrading to anything but a WebSocket has no meaning; the reference notices only after its 101.
  if (request.upgrade && *wanted != transport::websocket)
    return refuse(error_code::bad_request, "TRANSPORT_HANDSHAKE_ERROR");
  if (! query.sid.empty())
    return verify_session(request, query, *wanted, session);
  if (request.method != "GET")
    return refuse(error_code::bad_handshake_method, request.method);
  if (*wanted == transport::websocket && ! request.upgrade)
    return refuse(error_code::bad_request, "TRANSPORT_HANDSHAKE_ERROR");
  return std::nullopt;
}

std::optional<refusal> verify_protocol(const options& x, const engine_query& query) {
  if (query.protocol != 4 && ! x.allow_eio3)
    return refuse(error_code::unsupported_protocol_version, "");
  return std::nullopt;
}

std::optional<http_response> verify_websocket(const request_info& request) {
  if (request.method != "GET")
    return refuse_upgrade(message_of(error_code::bad_handshake_method));
  // 16 bytes in base64.
  auto key = request.header("sec-websocket-key");
  if (key.size() != 24 || ! key.ends_with("=="))
    return refuse_upgrade("Missing or invalid Sec-WebSocket-Key header");
  auto version = request.header("sec-websocket-version");
  if (version != "13") {
    auto out = refuse_upgrade("Missing or invalid Sec-WebSocket-Version header");
    out.headers.emplace_back("Sec-WebSocket-Version", "13");
    return out;
  }
  return std::nullopt;
}

} // namespace atrium::net::engine
