#include "api/client.hpp"

#include "api/detail/client.hpp"
#include "api/socket.hpp"

namespace atrium::api {

client::client(std::shared_ptr<detail::socket_core> of) noexcept : of_{std::move(of)} {
}

net::engine::session* client::conn() const noexcept {
  return of_->owner() ? &of_->owner()->session() : nullptr;
}

const net::request_info* client::request() const noexcept {
  auto* link = conn();
  return link ? &link->request() : nullptr;
}

std::vector<socket> client::sockets() const {
  std::vector<socket> result;
  if (of_->owner())
    for (auto& x : of_->owner()->all())
      result.push_back(x->handle());
  return result;
}

void client::disconnect() const {
  if (of_->owner())
    of_->owner()->disconnect_all();
}

} // namespace atrium::api
