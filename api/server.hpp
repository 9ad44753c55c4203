#pragma once

#include "api/engine.hpp"
#include "api/options.hpp"
#include "api/socket_namespace.hpp"
#include "net/server.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <regex>
#include <string>
#include <vector>

namespace atrium::api {

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
class server : public broadcasting<server> {
public:
  explicit server(server_options options = {}, std::size_t workers = 1);
  server(runtime::system& system, server_options options);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Closes what `close` did not.
  ~server();

  /// The namespace of this name, with or without its leading `/`; made at its first call. One whose
  /// name a parent's regular expression matches is a child of that parent.
  socket_namespace of(std::string_view name) const;
  /// A parent: a client that joins a namespace that is not there, and whose name matches somewhere,
  /// makes it, as a child of the first parent that matches.
  socket_namespace of(std::regex name) const;
  /// The same with a function of the name and of what the client sent with its CONNECT: a plain one
  /// `bool f(const std::string&, const json::object&)`, or a coroutine, `awaitable<bool>
  /// f(std::string, json::object)`. Called on the client's worker; one that throws does not match.
  template <class F>
  socket_namespace of(F matches) const requires std::invocable<F&, std::string, json::object> {
    if constexpr (std::same_as<std::invoke_result_t<F&, std::string, json::object>, bool>)
      return of_matching(std::move(matches));
    else
      return of_asking(std::move(matches));
  }
  /// `of` and `on_connection` in one.
  template <class Which, class F>
  socket_namespace of(Which&& which, F on_connection) const {
    auto result = of(std::forward<Which>(which));
    result.on_connection(std::move(on_connection));
    return result;
  }
  /// What is below: middlewares of requests, headers, ids, sessions.
  api::engine engine() const;
  /// The main namespace.
  socket_namespace sockets() const {
    return of("/");
  }

  /// Calls `f(socket_namespace)` for each namespace but the main one, before the first client joins
  /// it: a plain function, which may add handlers. On the thread that makes it.
  void on_new_namespace(std::function<void(socket_namespace)> f) const;

  // -- the main namespace -----------------------------------------------------------------

  template <class F>
  void on_connection(F f) const {
    sockets().on_connection(std::move(f));
  }
  template <class F>
  void use(F f) const {
    sockets().use(std::move(f));
  }
  /// All its sockets; what that offers is offered here as well.
  broadcast_operator all() const {
    return sockets().all();
  }
  template <class... Ts>
  void server_side_emit(std::string_view name, Ts&&... xs) const {
    sockets().server_side_emit(name, std::forward<Ts>(xs)...);
  }
  template <class... Ts>
  asio::awaitable<broadcast_answers>
  server_side_emit_with_ack(std::string_view name, Ts&&... xs) const {
    return sockets().server_side_emit_with_ack(name, std::forward<Ts>(xs)...);
  }

  // -- serving -----------------------------------------------------------------------------

  /// Lets other servers reach this one through the adapters of its namespaces, those that are made
  /// later included; handlers of the program stand by then. What serves clients, below, does so
  /// itself: this is for programs that serve none. May be called again.
  void open() const;

  /// Its endpoint, for a `net::server` that serves other things as well. Call it when all static
  /// namespaces stand. This server outlives the sessions of whatever serves it.
  net::engine_route route() const;

  /// The same, added to the routes of such a server.
  void attach(net::routes& to) const {
    to.engines.push_back(route());
  }

  /// Listens by itself on an address; 0 takes a free port. May be called for several.
  result<void> listen(std::uint16_t port, std::string address = "127.0.0.1");
  /// The same with all that a listener can be told: TLS, limits, … What is wrong with the files of
  /// TLS is logged.
  result<void> listen(net::listen_options where);
  /// The first port it listens on, or 0 if it does not.
  std::uint16_t port() const noexcept;
  /// All of them, in the order of `listen`.
  std::vector<std::uint16_t> ports() const;

  /// What it was told when it was made.
  const server_options& options() const noexcept;
  const std::string& path() const noexcept {
    return options().engine.path;
  }
  std::chrono::milliseconds connect_timeout() const noexcept {
    return options().connect_timeout;
  }

  /// Waits for SIGTERM or SIGINT, so that `main` can end. @returns the exit code of the program.
  int run();

  /// Listens no more and ends everything: all sockets are disconnected, "server shutting down", and
  /// their connections closed, without a packet. Completes when what listened by `listen` has no
  /// connection left and no other server is answered any more; what is left after `grace` is cut.
  /// Of a `net::server` that serves the route, the owner closes the rest. To be awaited on a
  /// worker, also again; this server outlives it.
  asio::awaitable<void> close(std::chrono::milliseconds grace = std::chrono::seconds{5}) const;

  runtime::system& system() const noexcept;

  /// Adds what the server has done so far, as `docs/metrics.md` explains; of the workers and their
  /// sockets only if it listens by itself, else `net::server::write_metrics` has that. `out` must
  /// live until the end. To be awaited on a worker.
  asio::awaitable<void> write_metrics(metrics_text& out) const;

private:
  socket_namespace
  of_matching(std::function<bool(const std::string&, const json::object&)> f) const;
  socket_namespace
  of_asking(std::function<asio::awaitable<bool>(std::string, json::object)> f) const;

  std::shared_ptr<detail::server_core> core_;
};

} // namespace atrium::api
