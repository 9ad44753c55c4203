#pragma once

#include "api/broadcast_operator.hpp"
#include "api/remote_socket.hpp"

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::api {

/// What `Self`, which has sockets, offers for all of them: the members of the `broadcast_operator`
/// that its `all()` returns. Any thread.
template <class Self>
class broadcasting {
public:
  broadcast_operator to(const room_list& x) const {
    return all().to(x);
  }
  broadcast_operator in(const room_list& x) const {
    return all().in(x);
  }
  broadcast_operator except(const room_list& x) const {
    return all().except(x);
  }
  broadcast_operator volatile_() const {
    return all().volatile_();
  }
  broadcast_operator compress(bool on) const {
    return all().compress(on);
  }
  broadcast_operator local() const {
    return all().local();
  }
  broadcast_operator timeout(std::chrono::milliseconds x) const {
    return all().timeout(x);
  }
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    all().emit(name, std::forward<Ts>(xs)...);
  }
  template <class... Ts>
  asio::awaitable<broadcast_answers> emit_with_ack(std::string_view name, Ts&&... xs) const {
    return all().emit_with_ack(name, std::forward<Ts>(xs)...);
  }
  template <class... Ts>
  void send(Ts&&... xs) const {
    all().send(std::forward<Ts>(xs)...);
  }
  asio::awaitable<std::vector<remote_socket>> fetch_sockets() const {
    return all().fetch_sockets();
  }
  asio::awaitable<room_names> all_sockets() const {
    return all().all_sockets();
  }
  void sockets_join(const room_list& x) const {
    all().sockets_join(x);
  }
  void sockets_leave(const room_list& x) const {
    all().sockets_leave(x);
  }
  void disconnect_sockets(bool close = false) const {
    all().disconnect_sockets(close);
  }

private:
  friend Self;
  broadcasting() = default;
  [[nodiscard]] broadcast_operator all() const {
    return static_cast<const Self&>(*this).all();
  }
};

} // namespace atrium::api
