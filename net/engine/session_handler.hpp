#pragma once

#include "actors/link.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace atrium::net::engine {

class session;

/// What a program does with one engine session. All calls come on the session's worker, in the
/// order of what happened, the first after the handler was made and the last being `on_close`; then
/// the handler is destroyed. It may use the session in every call, and close it; text views live as
/// long as the call.
class session_handler {
public:
  virtual ~session_handler() = default;

  /// A text message, without the type digit of its packet.
  virtual void on_text(std::string_view text) = 0;

  /// A binary message.
  virtual void on_binary(std::string_view bytes) = 0;

  /// The session has moved from polling to WebSocket.
  virtual void on_upgrade() {
  }

  /// What was waiting has been handed to the transport. Only when asked for by
  /// `session::watch_drain`.
  virtual void on_drain() {
  }

  /// The session has ended; its link takes nothing more. Once. @param description may be empty.
  virtual void on_close(actors::close_reason why, std::string_view description) = 0;
};

/// Makes the handler of a session that was just opened, on the session's worker. What it puts into
/// the session goes out behind the open packet. Returning null closes the session.
using accept_session = std::function<std::unique_ptr<session_handler>(session&)>;

} // namespace atrium::net::engine
