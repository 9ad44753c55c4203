#pragma once

#include <functional>
#include <string>

namespace atrium::api {

/// Carries messages between the nodes of a cluster: what an embedder implements for its transport.
/// A node is one namespace of one server; `docs/server-api.md` shows how to write a bus.
///
/// What a bus promises: a message arrives whole and at most once. What one node publishes arrives
/// at each other node in the order of the calls, and so does what it sends to one node; between the
/// two there is no order. Messages may be lost: then requests end at their deadlines. Members are
/// called on any thread, several at a time, and do not block. What they throw is reported, and the
/// node goes on without.
///
/// Whoever can write to the transport can do what a server can, so the embedder guards it.
class cluster_bus {
public:
  /// Takes one message. May be called on any thread, `publish` and `send` included; never throws,
  /// does not block and calls nothing of the bus.
  using receiver = std::function<void(std::string message)>;

  cluster_bus() = default;
  cluster_bus(const cluster_bus&) = delete;
  cluster_bus& operator=(const cluster_bus&) = delete;
  virtual ~cluster_bus() = default;

  /// From now on `to` gets what is published in the namespace `nsp`, and what is sent to `node`.
  virtual void join(const std::string& nsp, const std::string& node, receiver to) = 0;
  /// No longer: when this returns, the receiver is not being called and has been destroyed.
  virtual void leave(const std::string& nsp, const std::string& node) = 0;
  /// A message for all other nodes of a namespace; that the sender gets it as well does no harm.
  virtual void publish(const std::string& nsp, std::string message) = 0;
  /// A message for one node; that others get it as well does no harm.
  virtual void send(const std::string& nsp, const std::string& node, std::string message) = 0;
};

} // namespace atrium::api
