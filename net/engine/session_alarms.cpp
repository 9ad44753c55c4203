#include "net/engine/session_alarms.hpp"

#include "net/engine/session_machine.hpp"

namespace atrium::net::engine {

struct session_alarms::rare_alarms {
  explicit rare_alarms(session_machine& x)
    : upgrade{x, session_timer::upgrade},
      noop{x, session_timer::noop},
      close{x, session_timer::close} {
  }
  alarm upgrade;
  alarm noop;
  alarm close;
};

session_alarms::session_alarms(session_machine& machine) noexcept
  : heartbeat_{machine, session_timer::heartbeat} {
}

session_alarms::~session_alarms() = default;

void session_alarms::alarm::fire() {
  machine.on_timer(which);
}

session_alarms::alarm& session_alarms::made(session_timer which) noexcept {
  switch (which) {
    case session_timer::heartbeat: break;
    case session_timer::upgrade: return rare_->upgrade;
    case session_timer::noop: return rare_->noop;
    case session_timer::close: return rare_->close;
  }
  return heartbeat_;
}

void session_alarms::arm(runtime::timer_wheel& timers, session_timer which, clock::time_point at) {
  if (which != session_timer::heartbeat && ! rare_)
    rare_ = std::make_unique<rare_alarms>(heartbeat_.machine);
  timers.arm(made(which), at);
}

void session_alarms::disarm(runtime::timer_wheel& timers, session_timer which) noexcept {
  if (which == session_timer::heartbeat || rare_)
    timers.cancel(made(which));
}

} // namespace atrium::net::engine
