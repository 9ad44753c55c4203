#include "app/watchdog.hpp"

#include <utility>

namespace atrium::app {

watchdog::watchdog(std::chrono::milliseconds patience, std::function<void()> bite)
  : bite_{std::move(bite)},
    thread_{[this, patience] { watch(patience); }} {
}

watchdog::~watchdog() {
  {
    const std::lock_guard guard{mutex_};
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void watchdog::watch(std::chrono::milliseconds patience) noexcept {
  std::unique_lock guard{mutex_};
  auto in_time = wake_.wait_for(guard, patience, [this] { return ended_; });
  guard.unlock();
  if (! in_time)
    bite_();
}

} // namespace atrium::app
