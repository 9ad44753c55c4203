#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace atrium::runtime {

/// Suspends the coroutine for `how_long`, on the wheel of the worker it runs on. Ends early, by
/// throwing `operation_aborted`, when the coroutine is cancelled.
boost::asio::awaitable<void> sleep(std::chrono::milliseconds how_long);

} // namespace atrium::runtime
