#include "net/engine/waiting_requests.hpp"

#include <utility>

namespace atrium::net::engine {

void waiting_requests::add(request_id id, std::shared_ptr<requester> x) {
  all_.push_back({id, std::move(x)});
}

void waiting_requests::remove(request_id id) noexcept {
  std::erase_if(all_, [id](auto& x) { return x.id == id; });
  if (all_.empty())
    all_.shrink_to_fit();
}

bool waiting_requests::came_before(request_id x, request_id y) const {
  auto* first = find(x);
  auto* second = find(y);
  if (! first || ! second)
    return false;
  auto age = first->age();
  auto other = second->age();
  return age && other && *age > *other;
}

} // namespace atrium::net::engine
