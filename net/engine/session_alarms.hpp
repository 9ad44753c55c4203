#pragma once

#include "actors/runtime/timer_wheel.hpp"
#include "net/engine/session_port.hpp"

#include <memory>

namespace atrium::net::engine {

class session_machine;

/// The timers of one session, which call its machine. Those that most sessions never need are made
/// when they are first armed. Used on the session's worker.
class session_alarms {
public:
  /// @param machine outlives this.
  explicit session_alarms(session_machine& machine) noexcept;
  ~session_alarms();

  void arm(runtime::timer_wheel& timers, session_timer which, clock::time_point at);
  void disarm(runtime::timer_wheel& timers, session_timer which) noexcept;

private:
  struct alarm final : runtime::timer_wheel::entry {
    alarm(session_machine& x, session_timer kind) noexcept : machine{x}, which{kind} {
    }
    void fire() override;
    session_machine& machine;
    session_timer which;
  };
  struct rare_alarms;
  [[nodiscard]] alarm& made(session_timer which) noexcept;

  alarm heartbeat_;
  std::unique_ptr<rare_alarms> rare_;
};

} // namespace atrium::net::engine
