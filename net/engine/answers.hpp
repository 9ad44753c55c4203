#pragma once

#include "net/http/response.hpp"

#include <string>
#include <string_view>

namespace atrium::net::engine {

/// The errors of the protocol, with the numbers of the wire.
enum class error_code : unsigned {
  unknown_transport = 0,
  unknown_sid = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_protocol_version = 5,
};

/// The text of an error: "Transport unknown", …; a literal.
std::string_view message_of(error_code x) noexcept;

/// A request that an endpoint refuses.
struct refusal {
  error_code code;
  /// `message_of(code)` unless a hook chose another.
  std::string message;
  /// For the program: `TRANSPORT_MISMATCH`, the transport's name, …
  std::string context;
};

/// `x` for a polling request: 400, or 403 when forbidden, with `{"code":…,"message":…}`.
http_response refuse_request(const refusal& x);

/// `x` for a WebSocket: always 400, the message as the body, and the TCP connection ends.
http_response refuse_upgrade(std::string_view message);

/// 200 with packets, for a GET.
http_response answer_payload(std::string body, bool binary = false);

/// 200 `ok`, for a POST.
http_response answer_ok();

/// A status and nothing else.
http_response answer_empty(unsigned status);

} // namespace atrium::net::engine
