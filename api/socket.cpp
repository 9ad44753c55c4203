#include "api/socket.hpp"

#include "api/detail/client.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"
#include "api/socket_namespace.hpp"

namespace atrium::api {

const std::string& socket::id() const noexcept {
  return core()->id();
}

socket_namespace socket::name_space() const {
  return socket_namespace{core()->nsp()};
}

const api::handshake& socket::handshake() const {
  return core()->about();
}

json::object& socket::data() const {
  core()->touch_data();
  return core()->more().data;
}

std::shared_ptr<void>& socket::context() const {
  return core()->context;
}

std::vector<std::string> socket::rooms() const {
  return core()->rooms();
}

bool socket::connected() const noexcept {
  return core()->now() == detail::socket_core::phase::connected && ! core()->leaving();
}

bool socket::recovered() const noexcept {
  return core()->recovered();
}

std::vector<topic_watch> socket::recovered_watches() const {
  return core()->recovered_watches();
}

net::engine::session* socket::conn() const noexcept {
  return client().conn();
}

const net::request_info* socket::request() const noexcept {
  return client().request();
}

broadcast_operator socket::broadcast() const {
  return plain().broadcast();
}

broadcast_operator socket::to(const room_list& x) const {
  return plain().to(x);
}

broadcast_operator socket::in(const room_list& x) const {
  return plain().to(x);
}

broadcast_operator socket::except(const room_list& x) const {
  return plain().except(x);
}

broadcast_operator socket::local() const {
  return plain().local();
}

// Elsewhere than on the socket's worker, what changes it goes through its namespace.

void socket::join(const room_list& x) const {
  if (core()->is_home())
    core()->join(x.names);
  else
    name_space().in(id()).local().sockets_join(x);
}

void socket::leave(const room_list& x) const {
  if (core()->is_home())
    core()->leave(x.names);
  else
    name_space().in(id()).local().sockets_leave(x);
}

void socket::watch(topic_channel channel, std::string pattern) const {
  core()->watch(channel, std::move(pattern), true);
}

void socket::unwatch(topic_channel channel, std::string pattern) const {
  core()->watch(channel, std::move(pattern), false);
}

void socket::disconnect(bool close) const {
  if (! core()->is_home())
    name_space().in(id()).local().disconnect_sockets(close);
  else if (close && core()->owner())
    core()->owner()->disconnect_all();
  else
    core()->disconnect();
}

} // namespace atrium::api
