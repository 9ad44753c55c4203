#pragma once

#include "actors/link.hpp"
#include "net/engine/options.hpp"
#include "net/engine/session_watchers.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

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

  // -- watching: costs nothing until the first of these is called --------------------------------

  /// Calls `f` for each packet from the client, before it takes effect.
  void on_packet(std::function<void(const engine_packet_view&)> f) {
    watchers().packet.push_back(std::move(f));
  }

  /// Calls `f` for each packet to the client when it is put, and whether it may be compressed.
  void on_packet_create(std::function<void(const engine_packet_view&, bool compress)> f) {
    watchers().packet_create.push_back(std::move(f));
  }

  /// Calls `f` when the session has moved from polling to WebSocket.
  void on_upgrade(std::function<void()> f) {
    watchers().upgrade.push_back(std::move(f));
  }

  /// Calls `f` when what was waiting has been handed to the transport.
  void on_drain(std::function<void()> f) {
    watchers().drain.push_back(std::move(f));
    watch_drain(true);
  }

  /// Calls `f` when the session has ended, before its handler is told.
  void on_close(std::function<void(actors::close_reason, std::string_view description)> f) {
    watchers().close.push_back(std::move(f));
  }

  /// "polling" or "websocket".
  [[nodiscard]] std::string_view transport_name() const noexcept {
    return to_string(current_transport());
  }

protected:
  /// Those of this session, made at the first call.
  virtual session_watchers& watchers() = 0;
};

} // namespace atrium::net::engine
