#pragma once

#include <chrono>
#include <cstdint>

namespace atrium::net::engine {

using clock = std::chrono::steady_clock;

/// The heartbeat of one session, told what happens and when. In protocol 4 the server pings and the
/// client has `timeout` to answer; in protocol 3 the client pings and the server only watches.
///
/// Deadlines are counted from when a ping was due, not from when a timer noticed; but a client
/// always has at least half of `timeout`.
class heartbeat {
public:
  enum class verdict : std::uint8_t { nothing, send_ping, dead };

  heartbeat(int protocol, std::chrono::milliseconds interval, std::chrono::milliseconds timeout,
            clock::time_point now) noexcept;

  /// When `expire` has something to say.
  [[nodiscard]] clock::time_point due() const noexcept {
    return due_;
  }

  /// What to do at `now`; at most one thing at a time.
  verdict expire(clock::time_point now) noexcept;

  /// The beat came: a pong (protocol 4) or a ping (protocol 3).
  void on_beat(clock::time_point now) noexcept;

  /// Whether a packet of another kind that comes now moves `due`: the first one while a pong is
  /// outstanding gives it another `timeout`, once for each ping.
  [[nodiscard]] bool extendable() const noexcept {
    return waiting_ && ! extended_;
  }

  /// Such a packet came. @pre `extendable()`
  void extend(clock::time_point now) noexcept;

  /// The session moved to another transport: a pong that is outstanding is waited for no longer.
  void on_switch(clock::time_point now) noexcept;

private:
  std::chrono::milliseconds interval_;
  std::chrono::milliseconds timeout_;
  clock::time_point due_;
  bool client_pings_;
  bool waiting_ = false;
  bool extended_ = false;
};

} // namespace atrium::net::engine
