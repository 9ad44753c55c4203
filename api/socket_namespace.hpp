#pragma once

#include "api/broadcasting.hpp"
#include "api/socket.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atrium::api {

namespace detail {
class server_core;
}

/// Why a client may not join a namespace.
struct connect_error {
  std::string message;
  /// Goes to the client as `data`; null is left out.
  json::value data = nullptr;
};

/// What a middleware decides; nothing lets the client pass.
using admission = std::optional<connect_error>;

/// A Socket.IO namespace, or the parent of dynamic ones: what is added to a parent holds for the
/// children that are made later, and what is emitted to it goes to all of them. A cheap handle.
/// Handlers and middlewares are added before the server listens, or in `server::on_new_namespace`,
/// and called on the worker of each socket, so that what they share must be an actor or immutable.
class socket_namespace : public broadcasting<socket_namespace> {
public:
  const std::string& name() const noexcept;
  /// The children of a parent that there are now; none of any other.
  std::vector<socket_namespace> children() const;
  /// What reaches its rooms and its counterparts on other servers. Lives as long as a handle.
  api::adapter& adapter() const noexcept;

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

  /// Calls `f(socket, why)` for each client that came back to a session that could not be
  /// recovered, before its new socket passes the middlewares.
  template <class F>
  void on_recovery_failed(F f) const {
    add_recovery_failed(std::move(f));
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

  /// Calls `f(event)` for each event of this name that another server emits here; on any worker.
  template <class F>
  void on(std::string name, F f) const {
    add_server_side(std::move(name), detail::startable<event>(std::move(f)));
  }

  // -- to the other servers ------------------------------------------------------------

  /// Emits to this namespace on all other servers: to their `on`. Throws `std::invalid_argument`
  /// for "connect", "connection" and "new_namespace". Any thread.
  template <class... Ts>
  void server_side_emit(std::string_view name, Ts&&... xs) const {
    send_server_side(make_arguments(name, std::forward<Ts>(xs)...));
  }
  /// Emits and waits for the answer of each other server, as long as
  /// `server_options::request_timeout`. To be awaited on a worker.
  template <class... Ts>
  asio::awaitable<broadcast_answers>
  server_side_emit_with_ack(std::string_view name, Ts&&... xs) const {
    return ask_server_side(make_arguments(name, std::forward<Ts>(xs)...));
  }

  // -- to its sockets; any thread ------------------------------------------------------

  /// All its sockets; narrow it with `to`, `except`, … What that offers is offered here as well.
  broadcast_operator all() const;
  /// Its sockets on this node by their ids. To be awaited on a worker, which need not be theirs:
  /// then of their members those marked "any thread" may be used.
  asio::awaitable<std::map<std::string, socket>> sockets() const;

  /// Sends `what` to the sockets that watch its topics, in its order.
  void publish(publication_ptr what) const;

  /// The last sequence of a journal that earlier runs of the server published here, as far as
  /// recovery knows; 0: none.
  sequence published() const noexcept;

private:
  friend class server;
  friend class socket;
  friend class detail::server_core;
  explicit socket_namespace(std::shared_ptr<detail::namespace_core> core) noexcept
    : core_{std::move(core)} {
  }
  void add_connection(std::function<void(socket)> f) const;
  void add_middleware(std::function<asio::awaitable<admission>(socket)> f) const;
  void add_recovery_failed(std::function<void(socket, recovery_refusal)> f) const;
  void add_handler(std::string name, std::function<void(socket, event)> f) const;
  void add_server_side(std::string name, std::function<void(event)> f) const;
  void send_server_side(payload args) const;
  asio::awaitable<broadcast_answers> ask_server_side(payload args) const;
  static asio::awaitable<std::map<std::string, socket>>
  find_sockets(std::shared_ptr<detail::namespace_core> core);

  std::shared_ptr<detail::namespace_core> core_;
};

} // namespace atrium::api
