#include "net/engine/heartbeat.hpp"

namespace atrium::net::engine {

heartbeat::heartbeat(int protocol, std::chrono::milliseconds interval,
                     std::chrono::milliseconds timeout, clock::time_point now) noexcept
  : interval_{interval},
    timeout_{timeout},
    client_pings_{protocol == 3} {
  on_beat(now);
}

heartbeat::verdict heartbeat::expire(clock::time_point now) noexcept {
  if (now < due_)
    return verdict::nothing;
  if (waiting_)
    return verdict::dead;
  waiting_ = true;
  extended_ = false;
  due_ = (now - due_ < timeout_ / 2 ? due_ : now) + timeout_;
  return verdict::send_ping;
}

void heartbeat::on_beat(clock::time_point now) noexcept {
  waiting_ = client_pings_;
  extended_ = client_pings_;
  due_ = now + (client_pings_ ? interval_ + timeout_ : interval_);
}

void heartbeat::extend(clock::time_point now) noexcept {
  extended_ = true;
  due_ = now + timeout_;
}

void heartbeat::on_switch(clock::time_point now) noexcept {
  if (waiting_)
    on_beat(now);
}

} // namespace atrium::net::engine
