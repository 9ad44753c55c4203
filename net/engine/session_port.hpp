#pragma once

#include "actors/link.hpp"
#include "net/engine/heartbeat.hpp"
#include "net/http/response.hpp"
#include "schema/engine_packet.hpp"
#include "schema/frame.hpp"

#include <cstdint>
#include <string_view>

namespace atrium::net::engine {

/// What the end of a session says whose client did not keep up.
inline constexpr std::string_view outbox_overflow = "outbox limit exceeded";

/// A polling request that waits for its answer; chosen by whoever drives the machine.
using request_id = std::uint32_t;

/// A WebSocket that belongs to a session. 0 is none.
using channel_id = std::uint32_t;

/// What a session waits for.
enum class session_timer : std::uint8_t {
  /// `heartbeat::due`.
  heartbeat,
  /// The end of an upgrade that hangs.
  upgrade,
  /// The next noop while upgrading.
  noop,
  /// The end of a polling session that waits to be fetched.
  close,
};

/// What `session_machine` wants done. Every call is carried out at once or noted; none calls back
/// into the machine, except that the program's handler may do so from `deliver_text`,
/// `deliver_binary`, `on_upgraded` and `drained`.
class session_port {
public:
  [[nodiscard]] virtual clock::time_point now() const = 0;

  // -- to the client ----------------------------------------------------------------

  /// Answers a request and forgets it.
  virtual void respond(request_id to, http_response answer) = 0;

  /// Destroys the TCP connection of a request and forgets it.
  virtual void drop(request_id which) = 0;

  /// Whether `x` reached this machine before `y`, whichever was read first; false if nobody knows.
  [[nodiscard]] virtual bool came_before(request_id x, request_id y) const = 0;

  /// Puts a frame into a WebSocket's outbox.
  virtual void send(channel_id to, frame_ptr x) = 0;

  /// Whether nothing waits in that outbox.
  [[nodiscard]] virtual bool idle(channel_id which) const = 0;

  /// Sends a close frame without a status behind what waits there, and forgets the WebSocket.
  virtual void close_channel(channel_id which) = 0;

  // -- time -------------------------------------------------------------------------

  virtual void arm(session_timer which, clock::time_point at) = 0;
  virtual void disarm(session_timer which) = 0;

  /// Asks for `session_machine::on_flush` at the end of the tick.
  virtual void flush_later() = 0;

  // -- to the program ---------------------------------------------------------------

  /// A packet has come, a frame is put; only while `session_machine::watch` says so.
  virtual void packet_came(const engine_packet_view& x) = 0;
  virtual void packet_made(const frame& x) = 0;

  virtual void deliver_text(std::string_view text) = 0;
  virtual void deliver_binary(std::string_view bytes) = 0;
  virtual void on_upgraded() = 0;
  virtual void drained() = 0;

  /// The session has ended. Once.
  virtual void closed(actors::close_reason why, std::string_view description) = 0;

  /// Its id means nothing any more. Once, after or within the call that made `closed`.
  virtual void forget() = 0;

protected:
  ~session_port() = default;
};

} // namespace atrium::net::engine
