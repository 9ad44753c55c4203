#pragma once

#include "actors/runtime/system.hpp"
#include "net/engine/options.hpp"
#include "net/engine/session_handler.hpp"
#include "net/tls/options.hpp"
#include "schema/error.hpp"
#include "schema/metrics_text.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atrium::net {

/// Bounds of every TCP connection, whatever is asked over it.
struct http_limits {
  std::size_t header_bytes_max = std::size_t{16} * 1024;
  /// Largest body of a plain HTTP route; engine endpoints have their own.
  std::size_t body_bytes_max = 1'000'000;
  /// From the first byte of a request to the end of its headers; also for the first request to
  /// begin.
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{60'000};
  /// Between two requests of a connection.
  std::chrono::milliseconds idle_timeout{30'000};
  /// How long a peer may take to accept an answer.
  std::chrono::milliseconds write_timeout{30'000};
};

struct listen_options {
  /// An IP address, no name.
  std::string address = "127.0.0.1";
  /// 0 takes a free one.
  std::uint16_t port = 0;
  int backlog = 4096;
  /// TCP connections at the same time; more are closed as they come.
  std::size_t connections_max = 100'000;
  http_limits http;
  /// Set: only HTTPS and secure WebSockets are served. A handshake may take as long as the headers
  /// of a request.
  std::optional<tls_options> tls;
};

/// Decides who may send requests at all; runs before everything else, on the worker that read the
/// request. Gives the answer that refuses it, or nothing. Must be thread-safe.
using gate = std::function<std::optional<http_response>(const request_info&)>;

/// Answers a plain request; on the worker that read it. The request outlives the coroutine.
using http_handler
  = std::function<boost::asio::awaitable<http_response>(const request_info&, std::string body)>;

/// A plain HTTP page.
struct http_route {
  std::string path;
  /// Whether everything below `path` belongs to it too.
  bool prefix = false;
  http_handler handle;
};

/// An Engine.IO endpoint.
struct engine_route {
  engine::options options;
  /// Called on the worker of each new session; must be thread-safe.
  engine::accept_session accept;
};

/// What is served where: engines first, then pages in this order, then 404.
struct routes {
  gate admit;
  std::vector<engine_route> engines;
  std::vector<http_route> pages;
};

/// Listens on one port with all workers of a system, and serves HTTP, polling and WebSocket. A
/// session stays on the worker where it was opened; the TCP connections that carry its requests
/// move there.
class server {
public:
  server(runtime::system& system, listen_options listen, routes table);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Destroyed after `close` has completed, or after the workers' threads are gone.
  ~server();

  /// Binds, then accepts on every worker. Any thread, once. Reads the files of `tls` if it is set.
  result<void> start();

  /// The port it listens on; after `start`.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Takes no new connections, and no new sessions over those that stand. Any thread.
  void stop_accepting();

  /// Stops accepting, closes every session ("server shutting down", what waits is dropped), and
  /// waits until all their sockets are closed; what is left after `grace` is cut. To be awaited on
  /// any worker.
  boost::asio::awaitable<void> close(std::chrono::milliseconds grace);

  /// How many TCP connections, and how many sessions, there are. Any thread.
  [[nodiscard]] std::size_t connections() const noexcept;
  [[nodiscard]] std::size_t sessions() const noexcept;
  /// Sessions of one worker.
  [[nodiscard]] std::size_t sessions_on(std::size_t worker) const noexcept;

  /// Adds what the workers and the sockets on them have done, see `docs/metrics.md`. Any thread.
  void write_metrics(metrics_text& out) const;
  /// The same for several servers of one system together.
  static void write_metrics(const std::vector<const server*>& of, metrics_text& out);

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace atrium::net
