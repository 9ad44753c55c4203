#pragma once

#include "actors/connection.hpp"
#include "api/detail/namespace_core.hpp"
#include "api/detail/pending_acks.hpp"
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
  member self() const;
  /// A handle for programs.
  socket handle() {
    return socket{shared_from_this()};
  }

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
  void entered_lane() noexcept {
    ++lane_entered_;
  }
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

  /// Registers with the lane, tells the client, and calls the program.
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
  const handshake& about();
  socket_description describe();

  // -- what programs set ---------------------------------------------------------------

  struct listener {
    std::uint64_t number;
    std::string name;
    std::function<void(event)> f;
    bool once;
  };

  /// Only for sockets that need it; most of the hub's do not.
  struct extras {
    std::vector<listener> listeners;
    std::vector<std::pair<std::uint64_t, std::function<void(event)>>> any;
    std::function<void(const json::array&)> any_outgoing;
    std::vector<std::function<std::optional<std::string>(const event&)>> middlewares;
    std::vector<socket::end_handler> on_disconnecting, on_disconnect;
    std::vector<std::function<void(std::string_view)>> on_error;
    json::object data;
    std::optional<handshake> about;
  };
  extras& more();
  /// The program's own.
  std::shared_ptr<void> context;

private:
  void put_now(frame_ptr x);
  void put_held();
  void tell_outgoing(const frame_ptr& x);
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
  /// How many broadcasts of this socket have entered the lane, and how many have passed it.
  std::uint32_t lane_entered_ = 0;
  std::uint32_t lane_passed_ = 0;
  epoch_ms issued_;
  std::vector<std::string> rooms_;
  /// A frame that follows the broadcast with this number, and waits until that has passed.
  struct held_frame {
    std::uint32_t behind;
    frame_ptr what;
  };
  std::vector<held_frame> held_;
  json::object auth_;
  std::unique_ptr<pending_acks> acks_;
  std::unique_ptr<extras> more_;
  std::uint64_t next_listener_ = 1;
  friend class api::socket;
};

} // namespace atrium::api::detail
