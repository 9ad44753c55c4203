#pragma once

#include "actors/runtime/pinned.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <memory>

namespace atrium::runtime {

/// Sends the requests of the coroutines of one worker and gets the answers. INTERNAL to `ask`.
class asker final : public pinned<caf::event_based_actor> {
public:
  using pinned::pinned;

  const char* name() const override {
    return "runtime.asker";
  }

protected:
  caf::behavior make_behavior() override;
};

namespace detail {

/// One question: completes its handler with the answer, the error, or a time-out, once.
template <class R, class Handler>
class ask_op final : public timer_wheel::entry,
                     public std::enable_shared_from_this<ask_op<R, Handler>> {
public:
  ask_op(worker& home, Handler handler) : home_{home}, handler_{std::move(handler)} {
  }

  void arm(std::chrono::milliseconds deadline) {
    self_ = this->shared_from_this();
    home_.timers().arm(*this, home_.now() + deadline);
  }

  void complete(caf::expected<R> answer) {
    auto keep = std::move(self_);
    if (! keep)
      return;
    home_.timers().cancel(*this);
    asio::post(home_.io(), asio::append(std::move(handler_), std::move(answer)));
  }

private:
  void fire() override {
    complete(caf::make_error(caf::sec::request_timeout));
  }

  worker& home_;
  Handler handler_;
  std::shared_ptr<ask_op> self_; // until completed
};

} // namespace detail

/// Asks `to` and gives its answer, or its error: `caf::sec::request_timeout` when none came by
/// `deadline`, `request_receiver_down` when it has ended. To be awaited on a worker's thread. The
/// deadline is kept on the worker's wheel and cancelled by the answer (a CAF time-out is never
/// cancelled and holds the asker). An answer that comes late is dropped.
template <class R, class Handle, class... Ts>
asio::awaitable<caf::expected<R>> ask(Handle to, std::chrono::milliseconds deadline, Ts... xs) {
  auto initiate
    = [](auto handler, const Handle& dst, std::chrono::milliseconds within, auto&&... ys) {
        auto& home = *worker::current();
        auto op = std::make_shared<detail::ask_op<R, decltype(handler)>>(home, std::move(handler));
        op->arm(within);
        auto answer = home.asks().request(dst, caf::infinite, std::forward<decltype(ys)>(ys)...);
        auto failed = [op](caf::error& e) { op->complete(std::move(e)); };
        if constexpr (std::is_void_v<R>)
          answer.then([op] { op->complete({}); }, failed);
        else
          answer.then([op](R& x) { op->complete(std::move(x)); }, failed);
      };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(caf::expected<R>)>(
    initiate, asio::use_awaitable, to, deadline, std::move(xs)...);
}

} // namespace atrium::runtime
