#pragma once

#include "api/cluster_options.hpp"
#include "api/detail/cluster_node.hpp"
#include "api/memory_adapter.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace atrium::api {

/// The adapter of a node of a cluster: its own part is `memory_adapter`'s, and what is meant for
/// others goes over a bus, in the order in which it was asked for. Which nodes there are it knows
/// from their heartbeats. Requests (`sockets`, `fetch_sockets`, the acknowledgements of broadcasts
/// and of `server_side_emit`) wait for the nodes that are known when they begin; one that goes, or
/// is silent for too long, is waited for no longer, and what came is the answer.
class cluster_adapter final : public memory_adapter {
public:
  cluster_adapter(detail::namespace_core& nsp, const cluster_options& options);
  ~cluster_adapter() override;

  asio::awaitable<room_names> sockets(broadcast_options how) override;
  void broadcast(const payload& event, const broadcast_options& how) override;
  void broadcast_with_ack(const payload& event, const broadcast_options& how,
                          std::chrono::milliseconds timeout, std::shared_ptr<ack_sink> to) override;
  asio::awaitable<std::vector<socket_description>> fetch_sockets(broadcast_options how) override;
  void add_sockets(const broadcast_options& how, const room_names& rooms) override;
  void del_sockets(const broadcast_options& how, const room_names& rooms) override;
  void disconnect_sockets(const broadcast_options& how, bool close) override;
  void server_side_emit(payload event) override;
  asio::awaitable<broadcast_answers>
  server_side_emit_with_ack(payload event, std::chrono::milliseconds timeout) override;
  asio::awaitable<std::size_t> server_count() override;
  void open() override;
  void close() override;
  asio::awaitable<void> closed() override;

  /// The id of this node: another one for each namespace and each start.
  const std::string& id() const noexcept {
    return link_->node;
  }

  /// What the node has seen so far; nothing once it is closed. To be awaited on a worker.
  asio::awaitable<cluster_stats> stats();

private:
  /// A name for a request, unique in the cluster.
  std::string next_request();

  detail::namespace_core& nsp_;
  detail::cluster_link_ptr link_;
  detail::cluster_node_actor node_;
  std::atomic<std::uint64_t> next_request_{0};
};

/// Makes a server one of a cluster: for `server_options::adapter`.
adapter_factory clustered(cluster_options options);

} // namespace atrium::api
