#pragma once

#include "api/options.hpp"
#include "api/remote_socket.hpp"
#include "api/socket_namespace.hpp"
#include "net/server.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace atrium::api {

namespace detail {
class server_core;
}

/// A Socket.IO server. Make it, add namespaces and handlers, then let it listen:
///
///     api::server io;
///     io.on_connection([](api::socket s) {
///       s.on("hello", [s](api::event e) -> asio::awaitable<void> { e.ack("world"); co_return; });
///     });
///     io.listen(3000);
///     return io.run();
///
/// It makes its own workers, one unless told otherwise, or uses those of a system that it is given.
class server {
public:
  explicit server(server_options options = {}, std::size_t workers = 1);
  server(runtime::system& system, server_options options);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Closes what `close` did not.
  ~server();

  /// The namespace of this name, with or without its leading `/`; made at its first call.
  socket_namespace of(std::string_view name) const;
  /// The main namespace.
  socket_namespace sockets() const {
    return of("/");
  }

  // -- the main namespace -----------------------------------------------------------------

  template <class F>
  void on_connection(F f) const {
    sockets().on_connection(std::move(f));
  }
  template <class F>
  void use(F f) const {
    sockets().use(std::move(f));
  }
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    sockets().emit(name, std::forward<Ts>(xs)...);
  }
  template <class... Ts>
  void send(Ts&&... xs) const {
    sockets().send(std::forward<Ts>(xs)...);
  }
  broadcast_operator to(const room_list& x) const {
    return sockets().to(x);
  }
  broadcast_operator in(const room_list& x) const {
    return sockets().to(x);
  }
  broadcast_operator except(const room_list& x) const {
    return sockets().except(x);
  }
  broadcast_operator timeout(std::chrono::milliseconds x) const {
    return sockets().timeout(x);
  }
  asio::awaitable<std::vector<remote_socket>> fetch_sockets() const {
    return sockets().fetch_sockets();
  }
  void sockets_join(const room_list& x) const {
    sockets().sockets_join(x);
  }
  void sockets_leave(const room_list& x) const {
    sockets().sockets_leave(x);
  }
  void disconnect_sockets(bool close = false) const {
    sockets().disconnect_sockets(close);
  }

  // -- serving -----------------------------------------------------------------------------

  /// Its endpoint, for a `net::server` that serves other things as well. Call it once, when all
  /// static namespaces stand.
  net::engine_route route() const;

  /// Listens by itself on an address; 0 takes a free port. Call once.
  result<void> listen(std::uint16_t port, std::string address = "127.0.0.1");
  /// The same with all that a listener can be told: TLS, limits, … What is wrong with the files of
  /// TLS is logged.
  result<void> listen(net::listen_options where);
  /// The port it listens on; after `listen`.
  std::uint16_t port() const noexcept;

  /// Waits for SIGTERM or SIGINT, then closes. @returns the exit code of the program.
  int run();

  /// Ends all namespaces: their sockets are disconnected, "server shutting down". To be awaited on
  /// a worker; the engine sessions are closed by the `net::server` that serves the route.
  asio::awaitable<void> close() const;

  runtime::system& system() const noexcept;

private:
  std::shared_ptr<detail::server_core> core_;
};

} // namespace atrium::api
