#pragma once

#include "actors/runtime/worker.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace atrium::runtime {

/// A value that comes once, and one coroutine that waits for it. A cheap handle. Everything on one
/// worker's thread.
template <class T>
class one_shot {
public:
  one_shot() : state_{std::make_shared<state>()} {
  }

  /// Gives the value; only the first call counts.
  void set(T x) const {
    if (state_->done)
      return;
    state_->done = true;
    if (state_->waiter)
      std::exchange(state_->waiter, nullptr)(std::move(x));
    else
      state_->value = std::move(x);
  }

  /// Waits for the value and takes it. Once.
  asio::awaitable<T> wait() const {
    auto shared = state_;
    if (shared->value)
      co_return std::move(*shared->value);
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(T)>(
      [](auto handler, std::shared_ptr<state> s) {
        auto keep = std::make_shared<decltype(handler)>(std::move(handler));
        s->waiter = [keep, home = worker::current()](T x) {
          home->post(asio::append(std::move(*keep), std::move(x)));
        };
      },
      asio::use_awaitable, std::move(shared));
  }

private:
  struct state {
    bool done = false;
    std::optional<T> value;
    std::function<void(T)> waiter;
  };

  std::shared_ptr<state> state_;
};

} // namespace atrium::runtime
