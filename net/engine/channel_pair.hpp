#pragma once

#include "net/engine/channel.hpp"

#include <array>
#include <cstddef>
#include <memory>

namespace atrium::net::engine {

/// The WebSockets of one session: the one that carries it and one that wants to take over, at most.
/// They are kept alive. Used on the session's worker.
class channel_pair {
public:
  /// Takes up a WebSocket by a new number, which is not 0. @returns false if both places are taken.
  bool add(channel_id id, const std::shared_ptr<channel>& x) noexcept;

  /// Forgets one. @returns it; null if it is not there.
  std::shared_ptr<channel> take(channel_id id) noexcept;

  /// Null if it is not there.
  [[nodiscard]] channel* find(channel_id id) const noexcept {
    for (auto& x : places_)
      if (x.id == id)
        return x.socket.get();
    return nullptr;
  }

  /// Calls `f(channel_id, channel&)` for each.
  template <class F>
  void for_each(F&& f) const {
    for (auto& x : places_)
      if (x.socket)
        f(x.id, *x.socket);
  }

  /// What waits in their outboxes.
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  struct place {
    channel_id id = 0;
    std::shared_ptr<channel> socket;
  };
  std::array<place, 2> places_;
};

} // namespace atrium::net::engine
