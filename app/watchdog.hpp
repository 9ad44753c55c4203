#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace atrium::app {

/// Calls `bite` once, on a thread of its own, when it still exists after `patience`. Its end waits
/// for a `bite` that has begun, and never for the time.
class watchdog {
public:
  watchdog(std::chrono::milliseconds patience, std::function<void()> bite);
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog();

private:
  void watch(std::chrono::milliseconds patience) noexcept;

  std::function<void()> bite_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false; // guarded by mutex_
  std::thread thread_; // last: it uses the others
};

} // namespace atrium::app
