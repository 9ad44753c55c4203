#pragma once

#include "actors/interfaces.hpp"

#include <optional>
#include <string>
#include <vector>

namespace atrium::api::detail {

/// What one socket needs for the recovery of its state.
struct continuity {
  std::string pid;
  bool recovered = false;
  bool leaving = false;
  bool data_touched = false;
  /// The session that it waits for.
  std::optional<restore_request> asked;
  /// What goes to the client before it is told that it is connected.
  std::vector<frame_ptr> missed;
  std::vector<topic_watch> watches;
};

} // namespace atrium::api::detail
