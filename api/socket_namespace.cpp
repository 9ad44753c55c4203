#include "api/socket_namespace.hpp"

#include "api/detail/namespace_core.hpp"
#include "api/remote_socket.hpp"

#include <caf/send.hpp>

namespace atrium::api {

const std::string& socket_namespace::name() const noexcept {
  return core_->name;
}

broadcast_operator socket_namespace::all() const {
  return broadcast_operator{core_};
}

asio::awaitable<std::vector<remote_socket>> socket_namespace::fetch_sockets() const {
  return all().fetch_sockets();
}

void socket_namespace::publish(publication_ptr what) const {
  caf::anon_send(core_->lane, atom::publish_v, std::move(what));
}

void socket_namespace::add_connection(std::function<void(socket)> f) const {
  core_->on_connection.push_back(std::move(f));
}

void socket_namespace::add_middleware(std::function<asio::awaitable<admission>(socket)> f) const {
  core_->middlewares.push_back(std::move(f));
}

void socket_namespace::add_handler(std::string name, std::function<void(socket, event)> f) const {
  if (name.empty())
    core_->on_unhandled = std::move(f);
  else
    core_->handlers[std::move(name)].push_back(std::move(f));
}

} // namespace atrium::api
