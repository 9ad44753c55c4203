#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace atrium::api {

namespace asio = boost::asio;

namespace detail {

/// Starts a handler's coroutine on this worker and keeps `owner` alive until it has finished. What
/// it throws is reported and counted.
void start(asio::awaitable<void> coroutine, std::shared_ptr<const void> owner);

/// A handler is a plain function or a coroutine; both are called in order of arrival, and a
/// coroutine runs up to its first suspension before the next handler is called.
template <class... Args, class F>
std::function<void(Args...)> startable(F f) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, Args...>>) {
    return f;
  } else {
    auto shared = std::make_shared<F>(std::move(f));
    return [shared](Args... args) { start((*shared)(std::move(args)...), shared); };
  }
}

} // namespace detail

} // namespace atrium::api
