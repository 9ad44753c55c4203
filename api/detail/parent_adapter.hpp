#pragma once

#include "api/adapter.hpp"

namespace atrium::api::detail {

/// The adapter of a parent of dynamic namespaces: what it is asked for goes to all its children.
class parent_adapter final : public adapter {
public:
  explicit parent_adapter(const namespace_core& parent) noexcept : parent_{parent} {
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

private:
  template <class F>
  void each_child(F f) const;

  const namespace_core& parent_;
};

} // namespace atrium::api::detail
