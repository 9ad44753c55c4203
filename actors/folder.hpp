#pragma once

#include "actors/device.hpp"
#include "actors/interfaces.hpp"
#include "storage/history_folder.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

struct folder_options {
  /// Between two rounds when there is little to fold.
  std::chrono::milliseconds interval{10'000};
  /// Between two rounds when a full round was folded, or after a slice of retention that was not
  /// the last.
  std::chrono::milliseconds busy_interval{200};
  /// Between two walks of retention over all states.
  std::chrono::milliseconds retention_interval{600'000};
  storage::retention_policy keep;
  wall_clock now = system_wall_clock;
};

/// How long the object of a state asks its past to be kept: `retention` in
/// `common.custom["history.0"]`, seconds (0: forever, -1: `customRetentionDuration` days). Absent
/// when it does not ask.
std::optional<storage::retention>
retention_of(std::string_view object_text, const storage::retention& otherwise);

/// Folds and cuts by the clock, and learns from the objects how long they want to be kept. A round
/// that fails is logged and tried again at the next interval. Spawn this detached: it blocks on the
/// disk.
class folder_state {
public:
  static constexpr auto name = "hub.folder";

  explicit folder_state(folder_actor::pointer self) noexcept : self_{self} {
  }

  folder_actor::behavior_type
  make_behavior(folder_options options, storage::history_folder_ptr folder);

private:
  void learn(const commit_batch& batch);
  bool fold();
  bool retain();

  folder_actor::pointer self_;
  folder_options options_;
  storage::history_folder_ptr folder_;
  caf::actor_clock::time_point next_retention_;
};

folder_actor::behavior_type folder(folder_actor::stateful_pointer<folder_state> self,
                                   folder_options options, storage::history_folder_ptr store);

} // namespace atrium
