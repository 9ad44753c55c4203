#pragma once

#include "api/memory_adapter.hpp"

#include <map>
#include <vector>

namespace atrium::test {

class loopback_adapter;

/// What connects the adapters of servers in one process: who shares which namespace.
class loopback {
public:
  std::map<std::string, std::vector<loopback_adapter*>> nodes;
};

/// An adapter that does on each server of a loopback what a cluster's adapter asks the other nodes
/// for: so that what the interface promises is shown with more than one. Simulated workers only.
class loopback_adapter final : public api::memory_adapter {
public:
  loopback_adapter(api::detail::namespace_core& nsp, std::shared_ptr<loopback> bus);
  ~loopback_adapter() override;

  api::asio::awaitable<room_names> sockets(api::broadcast_options how) override;
  void broadcast(const payload& event, const api::broadcast_options& how) override;
  void broadcast_with_ack(const payload& event, const api::broadcast_options& how,
                          std::chrono::milliseconds timeout, std::shared_ptr<ack_sink> to) override;
  api::asio::awaitable<std::vector<socket_description>>
  fetch_sockets(api::broadcast_options how) override;
  void add_sockets(const api::broadcast_options& how, const room_names& rooms) override;
  void del_sockets(const api::broadcast_options& how, const room_names& rooms) override;
  void disconnect_sockets(const api::broadcast_options& how, bool close) override;
  void server_side_emit(payload event) override;
  api::asio::awaitable<api::broadcast_answers>
  server_side_emit_with_ack(payload event, std::chrono::milliseconds timeout) override;
  api::asio::awaitable<std::size_t> server_count() override;
  void close() override;

private:
  /// This node first, then the others unless `how` is local.
  std::vector<loopback_adapter*> nodes(const api::broadcast_options& how);
  std::vector<loopback_adapter*> others() const;

  std::shared_ptr<loopback> bus_;
};

} // namespace atrium::test
