#pragma once

#include "api/broadcast_operator.hpp"
#include "api/event.hpp"
#include "api/handshake.hpp"
#include "api/startable.hpp"
#include "schema/error.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::net::engine {
class session;
}

namespace atrium::api {

class socket_namespace;

/// What a client answered to an event, or why there is no answer.
using ack_answer = result<spread>;

/// How an event that is emitted to one client may be treated.
struct emit_flags {
  bool is_volatile = false;
  bool compress = true;
  /// How long its acknowledgement may take; unset: until the socket disconnects.
  std::optional<std::chrono::milliseconds> timeout;
};

/// A client in a namespace. A cheap handle; its copies share one socket, and it may outlive the
/// client, when it does nothing. Its handlers are called on the socket's worker, in order of
/// arrival. Members are for use there, except those marked "any thread".
class socket {
public:
  // -- what it is ------------------------------------------------------------------

  /// 20 characters, other than the engine session's. Any thread.
  const std::string& id() const noexcept;
  socket_namespace name_space() const;
  /// Headers, query, address, auth, …
  const api::handshake& handshake() const;
  /// For the program: goes with `fetch_sockets`.
  json::object& data() const;
  /// For the program: anything that belongs to this socket and stays here.
  std::shared_ptr<void>& context() const;
  /// The rooms it is in, its own id first.
  std::vector<std::string> rooms() const;
  /// From the CONNECT reply until it is disconnected.
  bool connected() const noexcept;
  bool disconnected() const noexcept {
    return ! connected();
  }
  /// Whether its state was recovered.
  bool recovered() const noexcept;
  /// The engine session below; null once it has ended.
  net::engine::session* conn() const noexcept;

  // -- to the client ---------------------------------------------------------------

  /// Emits an event. Throws `std::invalid_argument` for a reserved name. Any thread.
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    send_event(make_arguments(name, std::forward<Ts>(xs)...), {});
  }

  /// Emits an event with flags: volatile, not compressed. Any thread.
  template <class... Ts>
  void emit_with(const emit_flags& flags, std::string_view name, Ts&&... xs) const {
    send_event(make_arguments(name, std::forward<Ts>(xs)...), flags);
  }

  /// Emits and waits for the acknowledgement: `errc::timeout` after the flags' timeout,
  /// `errc::cancelled` when the socket disconnects before.
  template <class... Ts>
  asio::awaitable<ack_answer>
  emit_with_ack(const emit_flags& flags, std::string_view name, Ts&&... xs) const {
    return request(make_arguments(name, std::forward<Ts>(xs)...), flags);
  }

  /// `emit("message", …)`.
  template <class... Ts>
  void send(Ts&&... xs) const {
    emit("message", std::forward<Ts>(xs)...);
  }

  // -- to others -------------------------------------------------------------------

  /// Everyone in the namespace but this socket.
  broadcast_operator broadcast() const;
  /// Everyone in these rooms but this socket.
  broadcast_operator to(const room_list& x) const;
  broadcast_operator in(const room_list& x) const;
  broadcast_operator except(const room_list& x) const;

  // -- rooms -----------------------------------------------------------------------

  /// Joins rooms: what is emitted to them from now on reaches the client. Nothing once
  /// disconnected.
  void join(const room_list& x) const;
  void leave(const room_list& x) const;

  /// Hears of what is published under topics that `pattern` matches, see `actors/interfaces.hpp`.
  void watch(topic_channel channel, std::string pattern) const;
  void unwatch(topic_channel channel, std::string pattern) const;

  // -- from the client -------------------------------------------------------------

  /// Calls `f(event)` for each event of this name. @returns a number for `off`.
  template <class F>
  std::uint64_t on(std::string name, F f) const {
    return add(std::move(name), detail::startable<event>(std::move(f)), false);
  }
  /// The same, for the next such event only.
  template <class F>
  std::uint64_t once(std::string name, F f) const {
    return add(std::move(name), detail::startable<event>(std::move(f)), true);
  }
  /// Removes one listener, or all of an event.
  void off(std::uint64_t listener) const;
  void remove_all_listeners(std::string_view name) const;
  std::vector<std::string> event_names() const;

  /// Calls `f(event)` for every event, before its own listeners.
  template <class F>
  std::uint64_t on_any(F f) const {
    return add_any(detail::startable<event>(std::move(f)), false);
  }
  template <class F>
  std::uint64_t prepend_any(F f) const {
    return add_any(detail::startable<event>(std::move(f)), true);
  }
  void off_any() const;

  /// Calls `f(name, arguments)` for every event that goes to the client, broadcasts too.
  void on_any_outgoing(std::function<void(const json::array&)> f) const;
  void off_any_outgoing() const;

  /// Looks at each event before its listeners; text: an error, which stops the event and goes to
  /// `on_error`.
  void use(std::function<std::optional<std::string>(const event&)> f) const;

  // -- its end ---------------------------------------------------------------------

  /// Leaves the namespace; with `close`, ends the connection with all its namespaces.
  void disconnect(bool close = false) const;

  using end_handler = std::function<void(std::string_view reason, std::string_view description)>;
  /// Called once, with rooms intact.
  void on_disconnecting(end_handler f) const;
  /// Called once, after it has left everything.
  void on_disconnect(end_handler f) const;
  /// Called when a packet was invalid or a middleware refused an event.
  void on_error(std::function<void(std::string_view)> f) const;

  /// A handle that does not keep the socket.
  class weak {
  public:
    explicit weak(const socket& x) noexcept : core_{x.core_} {
    }
    std::optional<socket> lock() const {
      if (auto x = core_.lock())
        return socket{std::move(x)};
      return std::nullopt;
    }

  private:
    std::weak_ptr<detail::socket_core> core_;
  };

  friend bool operator==(const socket& x, const socket& y) noexcept {
    return x.core_ == y.core_;
  }

private:
  friend class detail::socket_core;
  friend class socket_namespace;
  explicit socket(std::shared_ptr<detail::socket_core> core) noexcept : core_{std::move(core)} {
  }
  void send_event(payload args, const emit_flags& flags) const;
  asio::awaitable<ack_answer> request(payload args, emit_flags flags) const;
  std::uint64_t add(std::string name, std::function<void(event)> f, bool once) const;
  std::uint64_t add_any(std::function<void(event)> f, bool front) const;

  std::shared_ptr<detail::socket_core> core_;
};

} // namespace atrium::api
