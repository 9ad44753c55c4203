#pragma once

#include "api/broadcast_operator.hpp"
#include "api/client.hpp"
#include "api/emitter.hpp"
#include "api/handshake.hpp"
#include "api/socket_listeners.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::api {

class server;
class socket_namespace;

/// A client in a namespace. A cheap handle; its copies share one socket, and it may outlive the
/// client, when it does nothing. Its handlers, see `socket_listeners`, are called on the socket's
/// worker, in order of arrival. Members are for use there, except those marked "any thread".
class socket : public socket_listeners {
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
  /// Whether its client has come back to it, see `recovery_options`: id, rooms, data and what it
  /// watches are as they were.
  bool recovered() const noexcept;
  /// What it watched when its client was lost.
  std::vector<topic_watch> recovered_watches() const;
  /// The engine session below; null once it has ended.
  net::engine::session* conn() const noexcept;
  /// The request of the handshake; null once the session has ended.
  const net::request_info* request() const noexcept;
  /// The connection with all its sockets.
  api::client client() const noexcept {
    return api::client{core()};
  }

  // -- to the client ---------------------------------------------------------------

  /// Emits an event. Throws `std::invalid_argument` for a reserved name. Nothing once disconnected.
  /// Any thread.
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    detail::emit_to(*core(), make_arguments(name, std::forward<Ts>(xs)...), {});
  }

  /// Emits and waits for the acknowledgement, as long as the socket lives; `timeout` bounds it.
  template <class... Ts>
  asio::awaitable<ack_answer> emit_with_ack(std::string_view name, Ts&&... xs) const {
    return plain().emit_with_ack(name, std::forward<Ts>(xs)...);
  }

  /// `emit("message", …)`. Any thread.
  template <class... Ts>
  void send(Ts&&... xs) const {
    emit("message", std::forward<Ts>(xs)...);
  }

  /// How to emit: see `emitter`. They hold for what is emitted through what they return.
  emitter volatile_() const {
    return plain().volatile_();
  }
  emitter compress(bool on) const {
    return plain().compress(on);
  }
  emitter timeout(std::chrono::milliseconds x) const {
    return plain().timeout(x);
  }

  // -- to others -------------------------------------------------------------------

  /// Everyone in the namespace but this socket.
  broadcast_operator broadcast() const;
  /// Everyone in these rooms but this socket.
  broadcast_operator to(const room_list& x) const;
  broadcast_operator in(const room_list& x) const;
  broadcast_operator except(const room_list& x) const;
  /// Everyone on this node but this socket.
  broadcast_operator local() const;

  // -- rooms -----------------------------------------------------------------------

  /// Joins rooms: what is emitted to them from now on reaches the client. Nothing once
  /// disconnected. Any thread.
  void join(const room_list& x) const;
  void leave(const room_list& x) const;

  /// Hears of what is published under topics that `pattern` matches, see `actors/interfaces.hpp`.
  void watch(topic_channel channel, std::string pattern) const;
  void unwatch(topic_channel channel, std::string pattern) const;

  // -- its end ---------------------------------------------------------------------

  /// Leaves the namespace; with `close`, ends the connection with all its namespaces. Any thread.
  void disconnect(bool close = false) const;

  /// A handle that does not keep the socket.
  class weak {
  public:
    explicit weak(const socket& x) noexcept : core_{x.core()} {
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
    return x.core() == y.core();
  }

private:
  friend class api::client;
  friend class detail::socket_core;
  friend class socket_namespace;
  explicit socket(std::shared_ptr<detail::socket_core> core) noexcept
    : socket_listeners{std::move(core)} {
  }
  emitter plain() const noexcept {
    return emitter{core()};
  }
};

} // namespace atrium::api
