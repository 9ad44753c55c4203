#include "net/engine/channel_pair.hpp"

#include <utility>

namespace atrium::net::engine {

bool channel_pair::add(channel_id id, const std::shared_ptr<channel>& x) noexcept {
  for (auto& free : places_) {
    if (free.socket)
      continue;
    free = {id, x};
    return true;
  }
  return false;
}

std::shared_ptr<channel> channel_pair::take(channel_id id) noexcept {
  for (auto& x : places_)
    if (x.id == id)
      return std::exchange(x, {}).socket;
  return nullptr;
}

std::size_t channel_pair::bytes() const noexcept {
  std::size_t out = 0;
  for_each([&out](channel_id, const channel& x) { out += x.out().bytes(); });
  return out;
}

} // namespace atrium::net::engine
