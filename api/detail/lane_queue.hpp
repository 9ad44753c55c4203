#pragma once

#include "schema/frame.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace atrium::api::detail {

/// Keeps the order of what one socket emits: its broadcasts take the way through the lane, and what
/// it sends to its own client after one of them waits here until the lane has let that pass.
class lane_queue {
public:
  /// A broadcast of the socket has entered the lane.
  void enter() noexcept {
    ++entered_;
  }

  /// Whether one of them has not passed yet.
  [[nodiscard]] bool busy() const noexcept {
    return entered_ != passed_;
  }

  /// Keeps a frame behind all that has entered.
  void hold(frame_ptr x) {
    held_.push_back({entered_, std::move(x)});
  }

  /// The next broadcast has passed: calls `put(frame_ptr)` with what has waited for it, which may
  /// call `clear`, and then gets no more.
  template <class F>
  void pass(F put) {
    ++passed_;
    std::size_t n = 0;
    while (n < held_.size() && held_[n].behind == passed_)
      put(std::move(held_[n++].what));
    held_.erase(held_.begin(),
                held_.begin() + static_cast<std::ptrdiff_t>(std::min(n, held_.size())));
  }

  /// Calls `put(frame_ptr)` with all that waits.
  template <class F>
  void flush(F put) {
    for (auto& x : std::exchange(held_, {}))
      put(std::move(x.what));
  }

  /// Forgets what waits.
  void clear() noexcept {
    held_.clear();
  }

private:
  struct held_frame {
    std::uint32_t behind; // the number of the broadcast
    frame_ptr what;
  };
  std::uint32_t entered_ = 0;
  std::uint32_t passed_ = 0;
  std::vector<held_frame> held_;
};

} // namespace atrium::api::detail
