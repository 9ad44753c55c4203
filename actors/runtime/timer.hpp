#pragma once

#include "actors/runtime/worker.hpp"

#include <functional>

namespace atrium::runtime {

/// A timer of one worker that calls a function; used and destroyed on that worker's thread. What is
/// armed by the thousand derives from `timer_wheel::entry` instead and saves the function.
class timer final : private timer_wheel::entry {
public:
  explicit timer(worker& home) noexcept : home_{home} {
  }

  /// Calls `f` once, `after` from now (rounded up to the wheel's resolution), unless armed anew,
  /// cancelled or destroyed before. `f` may do any of these.
  void arm(std::chrono::milliseconds after, std::function<void()> f) {
    f_ = std::move(f);
    home_.timers().arm(*this, home_.now() + after);
  }

  void cancel() noexcept {
    home_.timers().cancel(*this);
    f_ = nullptr;
  }

  bool armed() const noexcept {
    return entry::armed();
  }

private:
  void fire() override {
    auto f = std::move(f_);
    f_ = nullptr;
    f();
  }

  worker& home_;
  std::function<void()> f_;
};

} // namespace atrium::runtime
