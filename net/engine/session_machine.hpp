#pragma once

#include "net/engine/heartbeat.hpp"
#include "net/engine/options.hpp"
#include "net/engine/session.hpp"
#include "net/engine/session_port.hpp"
#include "net/engine/wire.hpp"
#include "schema/engine_packet.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::net::engine {

/// How often a waiting GET is ended while an upgrade goes on, so that the client gets on with it.
inline constexpr std::chrono::milliseconds noop_interval{100};

/// The rules of one Engine.IO session, without I/O: requests, frames, timers and the program's
/// wishes come in by calls, and what is to be done goes out through a `session_port`. Not
/// thread-safe.
///
/// The answers to a client's requests are given at the end of a tick, so that all that one POST
/// causes goes into one payload, and stands there before the POST is answered.
class session_machine {
public:
  /// @param x and @param port must outlive the machine.
  session_machine(const options& x, session_port& port, wire how);

  // -- opening: exactly one of these, first -------------------------------------------

  /// A polling session: answers its first GET with the open packet, and with the initial packet if
  /// any. @param jsonp the index of the callback if its client polls by script elements.
  void open_polling(request_id first, std::string_view sid,
                    std::optional<std::string> jsonp = std::nullopt);

  /// A session on a WebSocket from its beginning.
  void open_websocket(channel_id first, std::string_view sid);

  // -- HTTP requests --------------------------------------------------------------------

  /// Whether the session's id is known to a request that comes now. A session that died is still
  /// known to one GET when its client closed it by POST before it could be told so.
  bool known(bool polling_get);

  void on_get(request_id id);
  /// @returns whether the body is wanted; if not, the request has been answered.
  bool on_post(request_id id, std::string_view content_type);
  /// @returns how many packets were in it.
  std::size_t on_post_body(request_id id, std::string_view body);
  void on_post_too_large(request_id id);
  void on_other_method(request_id id);
  /// The TCP connection of a request that was not answered has ended.
  void on_aborted(request_id id);

  // -- WebSockets -------------------------------------------------------------------------

  /// A WebSocket was opened for this session.
  void on_channel(channel_id id);
  void on_channel_text(channel_id id, std::string_view packet);
  void on_channel_binary(channel_id id, std::string_view bytes);
  /// A WebSocket has ended by itself.
  void on_channel_end(channel_id id, actors::close_reason why, std::string_view description);

  // -- time ---------------------------------------------------------------------------------

  void on_timer(session_timer which);
  void on_flush();

  // -- the program ------------------------------------------------------------------------------

  void put(frame_ptr x);
  bool put_volatile(frame_ptr x);
  void close(actors::close_reason why, actors::close_mode mode);
  /// See `session::pause_input`; whoever reads a WebSocket asks `paused`.
  void pause_input(bool on);

  /// From now on the port is told of each packet.
  void watch() noexcept {
    watched_ = true;
  }

  // -- observers ------------------------------------------------------------------------------

  [[nodiscard]] ready_state state() const noexcept {
    return state_;
  }
  [[nodiscard]] transport current() const noexcept {
    return polling_ ? transport::polling : transport::websocket;
  }
  [[nodiscard]] bool upgraded() const noexcept {
    return upgraded_;
  }
  [[nodiscard]] int protocol() const noexcept {
    return wire_.protocol;
  }
  /// The WebSocket that carries the session, if one does.
  [[nodiscard]] channel_id channel() const noexcept {
    return channel_;
  }
  /// The POST whose packets were read last, until it is answered.
  [[nodiscard]] std::optional<request_id> received_post() const noexcept {
    return polling_ ? polling_->received : std::nullopt;
  }
  [[nodiscard]] bool paused() const noexcept {
    return paused_;
  }
  /// What waits for the next GET.
  [[nodiscard]] std::size_t queued_bytes() const noexcept {
    return polling_ ? polling_->queued_bytes : 0;
  }

private:
  struct polling_state {
    std::optional<std::string> jsonp;
    std::vector<frame_ptr> queue;
    std::size_t queued_bytes = 0;
    std::optional<request_id> get;
    std::optional<request_id> uploading;
    std::optional<request_id> received; // its answer is due at the end of the tick
    bool upload_framed = false;
    bool get_after_probe = false;
    bool close_on_get = false;
  };
  struct upgrade_state {
    channel_id channel = 0;
    bool probed = false;
  };

  /// The packets that a waiting GET may get when there is nothing else to say.
  enum class farewell : std::uint8_t { close, noop, noop_and_close };

  [[nodiscard]] std::string open_packet(std::string_view sid) const;
  [[nodiscard]] http_response
  payload(const polling_state& x, std::span<const frame_ptr> frames) const;
  [[nodiscard]] http_response payload(const polling_state& x, farewell what) const;
  void start_heartbeat();
  void beat();
  void extend_heartbeat();
  void answer_get();
  void answer_post();
  bool on_packet(const engine_packet_view& packet);
  bool on_message(const engine_packet_view& packet);
  bool on_posted(const engine_packet_view& packet);
  void on_probe_packet(std::string_view packet);
  void switch_transport();
  void abandon_upgrade(bool close_channel);
  void close_transport(actors::close_mode mode);
  void end(actors::close_reason why, std::string_view description, farewell last = farewell::close);
  void end_polling(farewell last);

  const options& options_;
  session_port& port_;
  wire wire_;
  ready_state state_ = ready_state::open;
  bool upgraded_ = false;
  bool paused_ = false;
  bool watched_ = false;
  bool tombstone_ = false; // closed by the client's POST; one GET is still owed an answer
  actors::close_reason closing_for_ = actors::close_reason::forced_close;
  channel_id channel_ = 0;
  heartbeat heartbeat_;
  std::unique_ptr<polling_state> polling_; // while that is the transport
  std::unique_ptr<upgrade_state> upgrade_; // while one is going on
};

} // namespace atrium::net::engine
