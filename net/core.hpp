#pragma once

#include "net/engine/session_table.hpp"
#include "net/peer.hpp"
#include "net/server.hpp"
#include "net/tls/context.hpp"
#include "net/traffic.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atrium::net {

class core;

namespace engine {

/// One Engine.IO endpoint of a server. Immutable but for its table.
struct endpoint {
  endpoint(engine_route route, std::size_t workers);

  const options settings;
  const std::string prefix;
  const accept_session accept;
  session_table table;
};

} // namespace engine

/// What a server has on one worker; used there only, unless said otherwise.
class shard {
public:
  shard(core& owner, runtime::worker& home);
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;
  ~shard();

  [[nodiscard]] core& owner() const noexcept {
    return owner_;
  }
  [[nodiscard]] runtime::worker& home() const noexcept {
    return home_;
  }
  [[nodiscard]] unsigned index() const noexcept;

  /// Accepts from a listening socket that all shards share; takes `fd`.
  void listen(int fd, bool v6);
  void stop_accepting();

  /// Closes all sessions, and all connections that do nothing.
  void close_sessions();
  /// Cuts all connections.
  void abort_all();

  void add(peer& x);
  /// The same for what stands before a connection that is counted itself.
  void add_door(peer& x);

  /// What happens here is counted in it; for reading on any thread.
  [[nodiscard]] traffic& counts() noexcept {
    return counts_;
  }
  [[nodiscard]] const traffic& counts() const noexcept {
    return counts_;
  }

private:
  static boost::asio::awaitable<void> accept_loop(std::shared_ptr<shard> self);
  void welcome(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& remote);

  core& owner_;
  runtime::worker& home_;
  std::optional<boost::asio::ip::tcp::acceptor> acceptor_;
  peer_list peers_;
  traffic counts_;
};

/// What the parts of a server share. Connections keep it alive.
class core : public std::enable_shared_from_this<core> {
public:
  core(runtime::system& system, listen_options listen, routes table);

  /// The shard of a worker, together with the core.
  std::shared_ptr<shard> on(unsigned worker);

  /// How many TCP connections there are.
  [[nodiscard]] std::size_t open() const noexcept {
    // Each has a door when the server speaks TLS, which also stands before and after it.
    return std::max(connections.load(std::memory_order_relaxed),
                    doors.load(std::memory_order_relaxed));
  }

  runtime::system& system;
  const listen_options listen;
  /// Set before anything is accepted, if the server speaks TLS.
  std::optional<tls_context> tls;
  const gate admit;
  const std::vector<http_route> pages;
  std::vector<std::unique_ptr<engine::endpoint>> endpoints;
  std::vector<std::unique_ptr<shard>> shards;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> doors{0};
  std::atomic<bool> stopping{false};
};

} // namespace atrium::net
