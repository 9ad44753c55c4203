#pragma once

#include "actors/runtime/worker.hpp"
#include "net/engine/rate_limit.hpp"
#include "net/traffic.hpp"

#include <functional>

namespace atrium::net::engine {

/// Pauses the reading from one client that sends more than it may. Used on one worker.
class rate_brake final : private runtime::timer_wheel::entry {
public:
  /// @param release is called when a pause is over. @param counts outlives this, and counts pauses.
  rate_brake(runtime::worker& home, traffic& counts, const rate_options& x,
             std::function<void()> release);

  /// So much has come. @returns whether reading is to be paused, until `release` is called.
  bool take(std::size_t packets, std::size_t bytes);

  /// `release` is not called any more.
  void cancel() noexcept;

private:
  void fire() override;

  runtime::worker& home_;
  traffic& counts_;
  rate_limit limit_;
  std::function<void()> release_;
};

} // namespace atrium::net::engine
