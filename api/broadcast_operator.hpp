#pragma once

#include "api/adapter.hpp"
#include "api/arguments.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace atrium::api {

class remote_socket;

namespace detail {
class namespace_core;
class socket_core;
} // namespace detail

/// One or several room names where the reference takes either.
class room_list {
public:
  room_list(const char* x) : names{x} {
  }
  room_list(std::string x) : names{std::move(x)} {
  }
  room_list(std::string_view x) : names{std::string{x}} {
  }
  room_list(std::vector<std::string> xs) : names{std::move(xs)} {
  }
  room_list(std::initializer_list<std::string> xs) : names{xs} {
  }

  room_names names;
};

/// Whom to emit to, and how. Immutable: every member that narrows it returns a new one, so one may
/// be kept and used again. For use on any thread; what one handler emits before it first suspends
/// reaches each receiver in that order.
class broadcast_operator {
public:
  broadcast_operator to(const room_list& x) const;
  broadcast_operator in(const room_list& x) const {
    return to(x);
  }
  broadcast_operator except(const room_list& x) const;
  /// Drops the event for clients that cannot take it right now.
  broadcast_operator volatile_() const;
  /// Whether HTTP compression may be used.
  broadcast_operator compress(bool on) const;
  /// Only the sockets of this node.
  broadcast_operator local() const;
  /// How long acknowledgements may take.
  broadcast_operator timeout(std::chrono::milliseconds x) const;

  /// Emits to all selected sockets, each once. Throws `std::invalid_argument` for a reserved event.
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    send_event(make_arguments(name, std::forward<Ts>(xs)...));
  }

  /// Emits and waits for the acknowledgements of all selected sockets: all of them, or those that
  /// came in time; at once when nobody is selected. To be awaited on a worker.
  template <class... Ts>
  boost::asio::awaitable<broadcast_answers> emit_with_ack(std::string_view name, Ts&&... xs) const {
    return collect(make_arguments(name, std::forward<Ts>(xs)...));
  }

  /// `emit("message", …)`.
  template <class... Ts>
  void send(Ts&&... xs) const {
    emit("message", std::forward<Ts>(xs)...);
  }

  /// Copies of what is known of the selected sockets. Throws `boost::system::system_error`,
  /// `errc::timeout`, when a server does not answer in time.
  boost::asio::awaitable<std::vector<remote_socket>> fetch_sockets() const;
  /// The ids of the selected sockets.
  asio::awaitable<room_names> all_sockets() const;
  /// All selected sockets join rooms, or leave them.
  void sockets_join(const room_list& x) const;
  void sockets_leave(const room_list& x) const;
  /// Disconnects the selected sockets; with `close`, their connections with all their namespaces.
  void disconnect_sockets(bool close = false) const;

private:
  friend class emitter;
  friend class socket;
  friend class socket_namespace;
  explicit broadcast_operator(std::shared_ptr<detail::namespace_core> nsp) noexcept;
  void send_event(const payload& args) const;
  boost::asio::awaitable<broadcast_answers> collect(payload args) const;

  std::shared_ptr<detail::namespace_core> nsp_;
  broadcast_options how_;
};

} // namespace atrium::api
