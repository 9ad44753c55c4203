#pragma once

#include "api/handshake.hpp"
#include "api/socket_listeners.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::api::detail {

/// A handler for one event.
struct listener {
  std::uint64_t number;
  std::string name;
  std::function<void(event)> f;
  bool once;
};

/// A handler for all events, by its number.
using any_listener = std::pair<std::uint64_t, std::function<void(event)>>;

/// What programs are called with. Handlers often hold their own socket, so they go with its end.
struct socket_handlers {
  std::vector<listener> listeners;
  std::vector<any_listener> any, any_outgoing;
  std::vector<std::function<std::optional<std::string>(const event&)>> middlewares;
  std::vector<socket_listeners::end_handler> on_disconnecting, on_disconnect;
  std::vector<std::function<void(std::string_view)>> on_error;
};

/// What programs have given a socket. Only for sockets that need it; most of the hub's do not.
struct socket_extras : socket_handlers {
  json::object data;
  std::optional<handshake> about; // made when it is first asked for
  std::uint64_t next_listener = 1;
};

} // namespace atrium::api::detail
