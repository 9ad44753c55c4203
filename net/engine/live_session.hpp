#pragma once

#include "actors/runtime/flushable.hpp"
#include "net/core.hpp"
#include "net/engine/channel_pair.hpp"
#include "net/engine/rate_brake.hpp"
#include "net/engine/session.hpp"
#include "net/engine/session_alarms.hpp"
#include "net/engine/session_counts.hpp"
#include "net/engine/session_machine.hpp"
#include "net/engine/session_port.hpp"
#include "net/engine/waiting_requests.hpp"

#include <memory>

namespace atrium::net::engine {

/// A session with its machine, its program and its sockets: carries out what the machine wants.
/// Lives on one worker, owned by the table of its endpoint until its id is forgotten.
class live_session final : public session, private session_port, private runtime::flushable {
public:
  live_session(std::shared_ptr<shard> place, endpoint& where, request_info request, wire how,
               std::string sid);
  ~live_session() override;

  /// Opens the session, which stands in the table already, and calls the program.
  /// @returns the number of the request.
  request_id open_polling(std::shared_ptr<requester> first);
  void open_websocket(const std::shared_ptr<channel>& first);

  /// Registers a polling request. @returns its number for the machine.
  request_id begin(std::shared_ptr<requester> x);
  /// Forgets one; when its coroutine is done with it.
  void finish(request_id id) noexcept;

  /// A WebSocket wants to take over.
  void attach(const std::shared_ptr<channel>& x);

  /// Forgets a WebSocket that has ended by itself, and tells the machine.
  void detach(channel_id id, actors::close_reason why, std::string_view description);

  /// So many packets and bytes have come from the client: they are counted, and what is more than
  /// it may send in a second pauses the reading.
  void took(transport over, std::size_t packets, std::size_t bytes);

  /// A message was longer than allowed: it is counted and the program is told.
  void oversize(transport over);

  session_machine& machine() noexcept {
    return machine_;
  }

  // -- link -----------------------------------------------------------------------------

  void put(frame_ptr x) override;
  bool put_volatile(frame_ptr x) override;
  void close(actors::close_reason why, actors::close_mode mode) override;
  [[nodiscard]] bool writable() const noexcept override;

  // -- session ----------------------------------------------------------------------------

  [[nodiscard]] const std::string& id() const noexcept override;
  [[nodiscard]] int protocol() const noexcept override;
  [[nodiscard]] runtime::worker& home() const noexcept override;
  [[nodiscard]] const request_info& request() const noexcept override;
  [[nodiscard]] const request_info* post() const noexcept override;
  [[nodiscard]] transport current_transport() const noexcept override;
  [[nodiscard]] bool upgraded() const noexcept override;
  [[nodiscard]] ready_state state() const noexcept override;
  void watch_drain(bool on) noexcept override;
  void pause_input(bool on) override;

private:
  enum class pause_cause : std::uint8_t { program = 1, rate = 2 };

  [[nodiscard]] session_counts counts() const noexcept;
  channel_id add(const std::shared_ptr<channel>& x);
  void watch_outbox(channel_id id, channel& x) noexcept;
  void pause(pause_cause why, bool on);
  void call_program();
  template <class F>
  void guarded(F&& f) noexcept;
  template <class List, class... Args>
  void tell(List session_watchers::*which, const Args&... args);

  session_watchers& watchers() override;

  // -- session_port -------------------------------------------------------------------------

  [[nodiscard]] clock::time_point now() const override;
  void respond(request_id to, http_response answer) override;
  void drop(request_id which) override;
  [[nodiscard]] bool came_before(request_id x, request_id y) const override;
  void send(channel_id to, frame_ptr x) override;
  [[nodiscard]] bool idle(channel_id which) const override;
  void close_channel(channel_id which) override;
  void arm(session_timer which, clock::time_point at) override;
  void disarm(session_timer which) override;
  void flush_later() override;
  void packet_came(const engine_packet_view& x) override;
  void packet_made(const frame& x) override;
  void deliver_text(std::string_view text) override;
  void deliver_binary(std::string_view bytes) override;
  void on_upgraded() override;
  void drained() override;
  void closed(actors::close_reason why, std::string_view description) override;
  void forget() override;

  // -- flushable ------------------------------------------------------------------------------

  void flush() override;

  std::shared_ptr<shard> shard_;
  endpoint& endpoint_;
  std::string id_;
  request_info request_;
  session_machine machine_;
  std::unique_ptr<session_handler> handler_;
  channel_pair channels_;
  waiting_requests requests_;
  session_alarms alarms_;
  std::unique_ptr<session_watchers> watchers_;
  std::unique_ptr<rate_brake> rate_; // only if there is a limit, from the first packet on
  std::uint32_t last_number_ = 0;
  std::uint8_t pauses_ = 0; // for which causes reading is paused
  bool flush_asked_ = false;
  bool watch_drain_ = false;
};

} // namespace atrium::net::engine
