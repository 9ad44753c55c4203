#pragma once

#include "actors/interfaces.hpp"
#include "api/socket_namespace.hpp"
#include "schema/text_map.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace atrium::api::detail {

class server_core;

/// What all sockets of a namespace share: its lane, and the handlers, which do not change once the
/// server listens. Read on any worker.
class namespace_core : public std::enable_shared_from_this<namespace_core> {
public:
  namespace_core(server_core& owner_, std::string name_, namespace_actor lane_)
    : owner{owner_},
      name{std::move(name_)},
      lane{std::move(lane_)} {
  }

  /// The next acknowledgement id; all sockets of the namespace draw from it, as in the reference.
  std::uint64_t next_ack_id() noexcept {
    return next_ack_.fetch_add(1, std::memory_order_relaxed);
  }

  server_core& owner;
  const std::string name;
  const namespace_actor lane;
  std::vector<std::function<void(socket)>> on_connection;
  std::vector<std::function<asio::awaitable<admission>(socket)>> middlewares;
  text_map<std::vector<std::function<void(socket, event)>>> handlers;
  std::function<void(socket, event)> on_unhandled;

private:
  std::atomic<std::uint64_t> next_ack_{0};
};

} // namespace atrium::api::detail
