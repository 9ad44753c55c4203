#pragma once

#include <memory>
#include <vector>

namespace atrium::net {
struct request_info;
namespace engine {
class session;
}
} // namespace atrium::net

namespace atrium::api {

class socket;

namespace detail {
class socket_core;
}

/// A client's connection: one engine session, and a socket for each namespace that it joined. A
/// cheap handle, taken from one of its sockets, and empty once that socket's link has gone. For use
/// on its worker.
class client {
public:
  /// The engine session; null once it has ended.
  net::engine::session* conn() const noexcept;
  /// The request of the handshake; null once the session has ended.
  const net::request_info* request() const noexcept;
  /// Its sockets, in the order in which they joined, those that wait for a middleware too.
  std::vector<socket> sockets() const;
  /// Leaves all namespaces, telling the client, then ends the session.
  void disconnect() const;

private:
  friend class socket;
  explicit client(std::shared_ptr<detail::socket_core> of) noexcept;

  std::shared_ptr<detail::socket_core> of_;
};

} // namespace atrium::api
