#pragma once

#include "api/adapter.hpp"

namespace atrium::api {

/// The adapter of one node: everything goes to the lane of its namespace, and there are no other
/// servers. Adapters of clusters derive from it and call it for their own part.
class memory_adapter : public adapter {
public:
  explicit memory_adapter(detail::namespace_core& nsp) noexcept : nsp_{nsp} {
  }

  void add_all(const socket_name& who, const room_names& rooms) override;
  void del(const socket_name& who, const room_names& rooms) override;
  asio::awaitable<room_names> sockets(broadcast_options how) override;
  asio::awaitable<room_names> socket_rooms(socket_name who) override;
  asio::awaitable<room_names> rooms() override;
  void observe(room_observer_ptr x) override;
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
  void close() override;

protected:
  /// The namespace's name, the same on all nodes.
  const std::string& name() const noexcept;

  /// What another server emits goes to the program here, on a worker. `answer` takes its
  /// acknowledgement, once, on a worker; empty when none is wanted. Any thread.
  void deliver(payload event, std::function<void(payload)> answer) const;

private:
  detail::namespace_core& nsp_;
};

} // namespace atrium::api
