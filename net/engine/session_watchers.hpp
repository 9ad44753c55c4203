#pragma once

#include "actors/link.hpp"
#include "schema/engine_packet.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace atrium::net::engine {

/// Who looks at one session besides its handler, see `session`. Each list is called in order, on
/// the session's worker; what one throws is reported.
struct session_watchers {
  std::vector<std::function<void(const engine_packet_view&)>> packet;
  std::vector<std::function<void(const engine_packet_view&, bool compress)>> packet_create;
  std::vector<std::function<void()>> upgrade;
  std::vector<std::function<void()>> drain;
  std::vector<std::function<void(actors::close_reason, std::string_view)>> close;
};

} // namespace atrium::net::engine
