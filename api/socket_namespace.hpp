#pragma once

#include "api/socket.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace atrium::api {

/// Why a client may not join a namespace.
struct connect_error {
  std::string message;
  /// Goes to the client as `data`; null is left out.
  json::value data = nullptr;
};

/// What a middleware decides; nothing lets the client pass.
using admission = std::optional<connect_error>;

/// A Socket.IO namespace. A cheap handle. Handlers and middlewares are added before the server
/// listens, and called on the worker of each socket, so that what they share must be an actor or
/// immutable.
class socket_namespace {
public:
  const std::string& name() const noexcept;

  /// Calls `f(socket)` for each client, after it was told that it is connected.
  template <class F>
  void on_connection(F f) const {
    add_connection(detail::startable<socket>(std::move(f)));
  }

  /// Runs `f(socket)` for each CONNECT, in the order of `use`; a coroutine, or a plain function,
  /// that returns an `admission`.
  template <class F>
  void use(F f) const {
    if constexpr (std::is_same_v<std::invoke_result_t<F&, socket>, admission>)
      add_middleware([f = std::move(f)](socket x) mutable -> asio::awaitable<admission> {
        co_return f(std::move(x));
      });
    else
      add_middleware(std::move(f));
  }

  /// Calls `f(socket, event)` for each event of this name of every socket. One table for all
  /// sockets, where `socket::on` has one for each.
  template <class F>
  void handle(std::string name, F f) const {
    add_handler(std::move(name), detail::startable<socket, event>(std::move(f)));
  }

  /// Calls `f(socket, event)` for each event that nobody else listens to.
  template <class F>
  void on_unhandled(F f) const {
    add_handler({}, detail::startable<socket, event>(std::move(f)));
  }

  // -- to its sockets; any thread ------------------------------------------------------

  /// All its sockets; narrow it with `to`, `except`, …
  broadcast_operator all() const;
  broadcast_operator to(const room_list& x) const {
    return all().to(x);
  }
  broadcast_operator in(const room_list& x) const {
    return all().to(x);
  }
  broadcast_operator except(const room_list& x) const {
    return all().except(x);
  }
  broadcast_operator timeout(std::chrono::milliseconds x) const {
    return all().timeout(x);
  }
  broadcast_operator volatile_() const {
    return all().volatile_();
  }
  broadcast_operator local() const {
    return all().local();
  }
  broadcast_operator compress(bool on) const {
    return all().compress(on);
  }
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    all().emit(name, std::forward<Ts>(xs)...);
  }
  template <class... Ts>
  asio::awaitable<broadcast_answers> emit_with_ack(std::string_view name, Ts&&... xs) const {
    return all().emit_with_ack(name, std::forward<Ts>(xs)...);
  }
  template <class... Ts>
  void send(Ts&&... xs) const {
    all().emit("message", std::forward<Ts>(xs)...);
  }
  asio::awaitable<std::vector<remote_socket>> fetch_sockets() const;
  void sockets_join(const room_list& x) const {
    all().sockets_join(x);
  }
  void sockets_leave(const room_list& x) const {
    all().sockets_leave(x);
  }
  void disconnect_sockets(bool close = false) const {
    all().disconnect_sockets(close);
  }

  /// Sends `what` to the sockets that watch its topics, in its order.
  void publish(publication_ptr what) const;

private:
  friend class server;
  friend class socket;
  explicit socket_namespace(std::shared_ptr<detail::namespace_core> core) noexcept
    : core_{std::move(core)} {
  }
  void add_connection(std::function<void(socket)> f) const;
  void add_middleware(std::function<asio::awaitable<admission>(socket)> f) const;
  void add_handler(std::string name, std::function<void(socket, event)> f) const;

  std::shared_ptr<detail::namespace_core> core_;
};

} // namespace atrium::api
