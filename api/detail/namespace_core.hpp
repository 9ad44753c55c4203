#pragma once

#include "actors/interfaces.hpp"
#include "api/adapter.hpp"
#include "api/detail/handler_table.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace atrium::api::detail {

class server_core;

/// What a namespace knows of recovery; nothing when it is off.
struct recovery_link {
  std::shared_ptr<packet_offsets> offsets;
  sequence published = 0;
};

/// What all sockets of a namespace share: its lane, its adapter, and the handlers. Or the parent of
/// dynamic namespaces, which has handlers for its children, no lane, and an adapter that reaches
/// all of them. Read on any worker.
class namespace_core : public std::enable_shared_from_this<namespace_core> {
public:
  /// @param parent_ of a child, which begins with its parent's handlers; or null.
  namespace_core(server_core& owner_, std::string name_, namespace_actor lane_,
                 std::shared_ptr<const namespace_core> parent_ = nullptr, recovery_link link = {});
  ~namespace_core();

  /// The next acknowledgement id; all sockets of the namespace draw from it, as in the reference.
  std::uint64_t next_ack_id() noexcept {
    return next_ack_.fetch_add(1, std::memory_order_relaxed);
  }

  const handler_table& table() const noexcept {
    return *table_;
  }

  /// The handlers, to change them before the namespace is served: its own from then on.
  handler_table& own_table();

  adapter& reach() const noexcept {
    return *adapter_;
  }

  bool is_parent() const noexcept {
    return ! lane;
  }

  /// Whether it goes with its last socket.
  bool is_passing() const noexcept {
    return passing_;
  }

  /// What another server emits here goes to the program. `answer` may be empty. On a worker.
  void on_server_side_emit(payload content, std::function<void(payload)> answer) const;

  server_core& owner;
  const std::string name;
  const namespace_actor lane;
  const std::shared_ptr<const namespace_core> parent;
  /// Names the events that clients can recover; null: none can be.
  const std::shared_ptr<packet_offsets> offsets;
  /// The last sequence of a journal that an earlier run published.
  const sequence published;
  /// Its sockets, those that wait for a middleware too; counted when it is passing.
  std::atomic<std::size_t> members{0};

private:
  std::shared_ptr<handler_table> table_;
  std::unique_ptr<adapter> adapter_;
  std::atomic<std::uint64_t> next_ack_{0};
  const bool passing_;
};

} // namespace atrium::api::detail
