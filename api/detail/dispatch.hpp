#pragma once

#include "actors/runtime/worker.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace atrium::api::detail {

class socket_core;

/// How many coroutine handlers of one connection have not finished. Shared with them, since they
/// may outlive the connection.
struct flights {
  std::size_t count = 0;
  /// Called after each that has finished; set while the connection waits for room.
  std::function<void()> landed;
};

/// Which handler this thread is running, until it first suspends: what it emits is ordered behind
/// what its socket emitted before.
struct dispatch {
  socket_core* socket = nullptr;
  std::shared_ptr<flights>* in_flight = nullptr;

  static dispatch& current() noexcept {
    static thread_local dispatch x;
    return x;
  }
};

/// Sets the current dispatch for a scope.
class dispatch_scope {
public:
  explicit dispatch_scope(dispatch x) noexcept : before_{std::exchange(dispatch::current(), x)} {
  }
  dispatch_scope(const dispatch_scope&) = delete;
  dispatch_scope& operator=(const dispatch_scope&) = delete;
  ~dispatch_scope() {
    dispatch::current() = before_;
  }

private:
  dispatch before_;
};

} // namespace atrium::api::detail
