#pragma once

#include "actors/recovery.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace atrium {

/// Gathers what the lanes send for a moment, and commits it together. What the store refuses is
/// lost, and counted in the backlog, whereupon the lanes send all that the store needs anew.
class recovery_writer_state {
public:
  static constexpr auto name = "hub.recovery";

  explicit recovery_writer_state(recovery_writer_actor::pointer self) noexcept : self_{self} {
  }

  recovery_writer_actor::behavior_type
  make_behavior(storage::recovery_store_ptr store, std::shared_ptr<recovery_backlog> backlog,
                std::chrono::milliseconds interval);

private:
  void append(storage::recovery_batch_ptr& x);
  void commit();
  void written(const storage::recovery_batch& x);
  void end_when_alone();

  recovery_writer_actor::pointer self_;
  storage::recovery_store_ptr store_;
  std::shared_ptr<recovery_backlog> backlog_;
  std::chrono::milliseconds interval_{};
  std::vector<storage::recovery_batch_ptr> pending_;
  /// Namespaces of which something was lost: only a batch that begins anew is of use.
  std::set<std::string> broken_;
  std::size_t lanes_ = 0;
  bool ending_ = false;
  bool failing_ = false;
};

/// Commits at most once in each `interval`. Spawn this detached: it blocks on the disk.
recovery_writer_actor::behavior_type
recovery_writer(recovery_writer_actor::stateful_pointer<recovery_writer_state> self,
                storage::recovery_store_ptr store, std::shared_ptr<recovery_backlog> backlog,
                std::chrono::milliseconds interval);

} // namespace atrium
