#pragma once

#include "api/broadcast_operator.hpp"
#include "schema/error.hpp"

#include <string>
#include <utility>

namespace atrium::api {

/// A copy of what is known of a socket, here or on another node, and a way to reach it. Changing
/// the copy changes nothing there. Any thread.
class remote_socket {
public:
  remote_socket(broadcast_operator reach, socket_description x)
    : reach_{std::move(reach)},
      about_{std::move(x)} {
  }

  const std::string& id() const noexcept {
    return about_.id;
  }
  const room_names& rooms() const noexcept {
    return about_.rooms;
  }
  const json::value& handshake() const noexcept {
    return about_.handshake;
  }
  const json::value& data() const noexcept {
    return about_.data;
  }

  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    reach_.emit(name, std::forward<Ts>(xs)...);
  }
  /// Emits and waits for the acknowledgement: its first argument, or `errc::timeout`. To be
  /// awaited on a worker.
  template <class... Ts>
  boost::asio::awaitable<result<json::value>>
  emit_with_ack(std::string_view name, Ts&&... xs) const {
    return first_of(reach_.emit_with_ack(name, std::forward<Ts>(xs)...));
  }
  /// The same socket with a time in which acknowledgements have to come.
  remote_socket timeout(std::chrono::milliseconds x) const {
    return {reach_.timeout(x), about_};
  }
  void join(const room_list& x) const {
    reach_.sockets_join(x);
  }
  void leave(const room_list& x) const {
    reach_.sockets_leave(x);
  }
  void disconnect(bool close = false) const {
    reach_.disconnect_sockets(close);
  }

private:
  static boost::asio::awaitable<result<json::value>>
  first_of(boost::asio::awaitable<broadcast_answers> all);

  broadcast_operator reach_;
  socket_description about_;
};

} // namespace atrium::api
