#pragma once

#include "net/engine/answers.hpp"
#include "net/engine/options.hpp"

#include <optional>
#include <string_view>

namespace atrium::net::engine {

/// What the query of an engine request says; views into the request.
struct engine_query {
  std::string_view transport_name;
  std::string_view sid;
  /// 4 if `EIO` is exactly that, else 3.
  int protocol = 3;
  /// Whether binary data must be sent as base64 text.
  bool base64 = false;

  explicit engine_query(const request_info& request) noexcept;
};

/// What verification must know of the session that a request names.
struct session_facts {
  transport current;
  int protocol;
};

/// The prefix of request targets that belong to an endpoint.
std::string endpoint_prefix(const options& x);

/// Checks a request in the order of the reference up to the `allowRequest` hook. @param session the
/// one that `query.sid` names, null if there is none. @returns why it is refused, if it is.
std::optional<refusal> verify(const options& x, const request_info& request,
                              const engine_query& query, const session_facts* session);

/// What follows the hook at a handshake.
std::optional<refusal> verify_protocol(const options& x, const engine_query& query);

/// Checks the headers of a WebSocket handshake. @returns the answer that refuses it, if it is.
std::optional<http_response> verify_websocket(const request_info& request);

/// A refusal with the usual message.
refusal refuse(error_code code, std::string_view context);

} // namespace atrium::net::engine
