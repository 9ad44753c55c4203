#pragma once

#include "actors/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace atrium {

/// Called once, when everything has ended: 0 if all went well, else 1.
using on_stopped = std::function<void(int)>;

/// Knows every actor that must be ended, and ends them in the stages of `stop_order`, each with its
/// grace. The exit code is not 0 when a core actor died or a stage had to be killed.
class hub_state {
public:
  static constexpr auto name = "hub";

  explicit hub_state(hub_actor::pointer self) noexcept : self_{self} {
  }

  hub_actor::behavior_type make_behavior(on_stopped stopped);

private:
  struct child {
    caf::strong_actor_ptr actor;
    stop_stage stage;
    bool core;
  };

  void adopt(stop_stage stage, caf::strong_actor_ptr actor, bool core);
  void down(const caf::down_msg& x);
  void stop();
  void begin_stage();
  void go_on();
  void kill_stage();
  std::vector<caf::actor> of_stage() const;

  hub_actor::pointer self_;
  on_stopped stopped_;
  std::vector<child> children_;
  bool stopping_ = false;
  bool failed_ = false;
  /// Place in `stop_order`, while stopping.
  std::size_t step_ = 0;
};

hub_actor::behavior_type hub(hub_actor::stateful_pointer<hub_state> self, on_stopped stopped);

} // namespace atrium
