#pragma once

#include "actors/runtime/worker.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <list>
#include <string>

namespace atrium::runtime {

/// Starts a coroutine on `home`; on its thread only. It begins at once if `home` is running a
/// socket handler, else with the next handlers. What it throws is reported under `name` and
/// counted, except `operation_aborted`, which is how a cancelled coroutine ends.
void spawn(worker& home, asio::awaitable<void> coroutine, std::string name);

/// The coroutines of one owner, so that the owner can end: cancel, wait until none is left, then
/// go. Lives and is used on one worker's thread. Must be empty when it is destroyed, unless the
/// worker's `io_context` is gone by then.
class coroutines {
public:
  explicit coroutines(worker& home) noexcept : home_{home} {
  }
  coroutines(const coroutines&) = delete;
  coroutines& operator=(const coroutines&) = delete;

  /// Starts a coroutine as `runtime::spawn` does.
  void spawn(asio::awaitable<void> coroutine, std::string name);

  /// Cancels all; each ends at its next suspension that can be cancelled.
  void cancel();

  /// Calls `f` once when no coroutine is left: at once if there is none.
  void when_empty(std::function<void()> f);

  std::size_t size() const noexcept {
    return running_.size();
  }

private:
  worker& home_;
  std::list<asio::cancellation_signal> running_;
  std::function<void()> when_empty_;
};

} // namespace atrium::runtime
