#pragma once

#include "api/adapter.hpp"
#include "schema/frame_codec.hpp"

namespace atrium::api {

/// The adapter of one node: everything goes to the lane of its namespace, and there are no other
/// servers. Adapters of clusters derive from it and call it for their own part.
class memory_adapter : public adapter {
public:
  explicit memory_adapter(detail::namespace_core& nsp);

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
  /// How long to wait for what has no deadline of its own: `server_options::request_timeout`.
  std::chrono::milliseconds request_timeout() const noexcept {
    return request_timeout_;
  }

private:
  template <class T, class... Ts>
  asio::awaitable<T> ask_lane(Ts... xs) const;

  detail::namespace_core& nsp_;
  // Copies: what other nodes have asked for may outlast the server, though not the namespace.
  packet_wire wire_;
  std::chrono::milliseconds request_timeout_;
};

} // namespace atrium::api
