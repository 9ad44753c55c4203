#pragma once

#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

#include <vector>

namespace atrium {

/// Where the rooms of one namespace wait for their turn: the namespace runs them itself, after each
/// of its messages and before the next, so that nothing that goes through a room is overtaken by
/// what goes past it. (With rooms that run on their own, about one of 150 emits in a row arrived
/// swapped.) Belongs to one pinned actor and its thread.
class lane final : public caf::execution_unit {
public:
  using caf::execution_unit::execution_unit;

  void exec_later(caf::resumable* job) override {
    jobs_.push_back(job);
  }

  /// Runs all that wait, and what they cause, until none is left.
  void run(caf::execution_unit* on);

private:
  std::vector<caf::resumable*> jobs_;
};

} // namespace atrium
