#pragma once

#include "api/socket_namespace.hpp"
#include "schema/text_map.hpp"

#include <functional>
#include <vector>

namespace atrium::api::detail {

/// What programs want to hear of in a namespace. Immutable once the server listens, so that any
/// worker reads it, and children share that of their parent.
struct handler_table {
  std::vector<std::function<void(socket)>> on_connection;
  std::vector<std::function<asio::awaitable<admission>(socket)>> middlewares;
  text_map<std::vector<std::function<void(socket, event)>>> handlers;
  std::vector<std::function<void(socket, recovery_refusal)>> on_recovery_failed;
  std::function<void(socket, event)> on_unhandled;
  /// By the name of the event that another server emits.
  text_map<std::vector<std::function<void(event)>>> server_side;
};

} // namespace atrium::api::detail
