#pragma once

#include "actors/link.hpp"
#include "net/engine/options.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace atrium::runtime {
class worker;
}

namespace atrium::net::engine {

enum class ready_state : std::uint8_t { open, closing, closed };

/// One Engine.IO session as programs see it. Everything is used on the thread of `home()` only;
/// whoever needs it for longer than the handler lives takes a `shared_from_this()`, and finds it
/// closed later.
class session : public actors::link, public std::enable_shared_from_this<session> {
public:
  /// 20 characters unless the program makes its own ids. Never changes.
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;

  /// 4, or 3 for an old client.
  [[nodiscard]] virtual int protocol() const noexcept = 0;

  /// The worker that this session never leaves.
  [[nodiscard]] virtual runtime::worker& home() const noexcept = 0;

  /// The request of the handshake.
  [[nodiscard]] virtual const request_info& request() const noexcept = 0;

  /// The POST whose messages are being handled, with the headers that the client has now; null when
  /// they came by WebSocket. It lives until the handler returns.
  [[nodiscard]] virtual const request_info* post() const noexcept {
    return nullptr;
  }

  /// Which transport carries the session now.
  [[nodiscard]] virtual transport current_transport() const noexcept = 0;

  /// Whether it began with polling and is on WebSocket now.
  [[nodiscard]] virtual bool upgraded() const noexcept = 0;

  [[nodiscard]] virtual ready_state state() const noexcept = 0;

  /// Whether the handler wants `on_drain`.
  virtual void watch_drain(bool on) noexcept = 0;

  /// While paused, no more messages are read: a WebSocket is left alone, and a POST that was
  /// delivered is answered only afterwards, so that its client waits. What was read already still
  /// comes. A client is not expected to answer pings then.
  virtual void pause_input(bool on) = 0;

  /// "polling" or "websocket".
  [[nodiscard]] std::string_view transport_name() const noexcept {
    return to_string(current_transport());
  }
};

} // namespace atrium::net::engine
