#pragma once

#include "actors/connection.hpp"
#include "api/detail/continuity.hpp"
#include "api/detail/lane_queue.hpp"
#include "api/detail/namespace_core.hpp"
#include "api/detail/pending_acks.hpp"
#include "api/detail/socket_extras.hpp"
#include "net/engine/session.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::api::detail {

class client;

/// One socket behind its handles. Lives on its worker; what may be called on any thread says so.
class socket_core : public std::enable_shared_from_this<socket_core> {
public:
  enum class phase : std::uint8_t { connecting, connected, gone };

  socket_core(client& owner, std::shared_ptr<namespace_core> nsp, socket_number number,
              json::object auth);
  ~socket_core();

  const std::string& id() const noexcept {
    return id_;
  }
  const std::shared_ptr<namespace_core>& nsp() const noexcept {
    return nsp_;
  }
  phase now() const noexcept {
    return phase_;
  }
  client* owner() const noexcept {
    return client_;
  }
  runtime::worker& home() const noexcept {
    return home_;
  }
  /// Whether this thread is its worker's.
  bool is_home() const noexcept;
  member self() const;
  /// A handle for programs.
  socket handle();

  // -- to the client -----------------------------------------------------------------

  /// Sends a frame behind what the socket emitted before, its broadcasts included.
  void put(frame_ptr x);
  /// Encodes and emits an event, through the lane when that is what keeps the order. Any thread.
  void emit(payload args, const emit_flags& flags);
  void request(payload args, const emit_flags& flags, pending_acks::completion then);
  void acknowledge(std::uint64_t id, const payload& args);
  void acknowledge(std::uint64_t id, std::string_view array);
  /// A frame that came through the lane: it goes ahead of what waits for the lane.
  void deliver(const frame_ptr& x);
  void deliver(const ack_request& x);

  /// What the socket emitted through the lane, until it has passed.
  void entered_lane() noexcept;
  void passed_lane();

  // -- from the client ---------------------------------------------------------------

  void on_event(std::optional<std::uint64_t> ack_id, payload content);
  void on_ack(std::uint64_t id, payload args);

  // -- rooms ---------------------------------------------------------------------------

  void join(const room_names& rooms);
  void leave(const room_names& rooms);
  void mirror_join(const room_names& rooms);
  void mirror_leave(const room_names& rooms);
  void watch(topic_channel channel, std::string pattern, bool on);
  std::vector<std::string> rooms() const;

  // -- its life ------------------------------------------------------------------------

  /// Asks the lane for the session that the client comes back to, if it does: the client hears of
  /// it by `on_restored`. @returns whether it does.
  bool come_back();
  /// It gets the session that it asked for.
  void adopt(restored& x);
  /// It does not get it: the program is told.
  void refuse_recovery(recovery_refusal why);
  /// Registers with the lane, as a new session.
  void attach();
  /// Tells the client, and calls the program.
  void connect();
  /// Tells the client and leaves the namespace; the link stays.
  void disconnect();
  /// Leaves everything, once: `disconnecting`, the lane, `disconnect`.
  void leave_namespace(std::string_view reason, std::string_view description);
  /// The link is gone.
  void forget_client() noexcept {
    client_ = nullptr;
  }
  void raise_error(std::string_view text);
  /// Whether the client has come back to it.
  bool recovered() const noexcept;
  /// What it watched when its client was lost.
  std::vector<topic_watch> recovered_watches() const;
  /// Whether it is about to disconnect: what it has emitted before is on its way.
  bool leaving() const noexcept;
  /// The program may be changing its data, which is kept once its handler has returned.
  void touch_data();
  const handshake& about();
  socket_description describe();

  // -- what programs set ---------------------------------------------------------------

  /// What programs have given it; made when it is first asked for.
  socket_extras& more();
  /// The program's own.
  std::shared_ptr<void> context;

private:
  std::string data_text() const;
  void detach(std::string_view reason, bool was_connected);
  void drop_handlers();
  void put_now(frame_ptr x);
  bool hears_outgoing() const noexcept;
  void tell_outgoing(const event& x);
  void tell_outgoing(const frame& x);
  bool call_listeners(const event& x);
  bool refused(const event& x);
  pending_acks& acks();
  [[nodiscard]] counters& counts() const noexcept;

  runtime::worker& home_;
  client* client_;
  std::shared_ptr<namespace_core> nsp_;
  std::string id_;
  socket_number number_;
  phase phase_ = phase::connecting;
  lane_queue lane_;
  epoch_ms issued_;
  std::vector<std::string> rooms_;
  json::object auth_;
  std::unique_ptr<pending_acks> acks_;
  std::unique_ptr<socket_extras> more_;
  std::unique_ptr<continuity> kept_; // only with recovery
};

} // namespace atrium::api::detail
