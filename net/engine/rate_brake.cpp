#include "net/engine/rate_brake.hpp"

#include <utility>

namespace atrium::net::engine {

rate_brake::rate_brake(runtime::worker& home, traffic& counts, const rate_options& x,
                       std::function<void()> release)
  : home_{home},
    counts_{counts},
    limit_{x, home.now()},
    release_{std::move(release)} {
}

bool rate_brake::take(std::size_t packets, std::size_t bytes) {
  if (! limit_.take(packets, bytes))
    return false;
  auto now = home_.now();
  auto wait = limit_.wait(now);
  if (wait <= wait.zero())
    return false;
  (limit_.packets_rule() ? counts_.packet_rate_pauses : counts_.byte_rate_pauses).add();
  home_.timers().arm(*this, now + wait);
  return true;
}

void rate_brake::cancel() noexcept {
  home_.timers().cancel(*this);
}

void rate_brake::fire() {
  release_();
}

} // namespace atrium::net::engine
