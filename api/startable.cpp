#include "api/startable.hpp"

#include "actors/runtime/worker.hpp"
#include "api/detail/dispatch.hpp"

#include <boost/asio/co_spawn.hpp>

namespace atrium::api::detail {

void start(asio::awaitable<void> coroutine, std::shared_ptr<const void> owner) {
  auto& home = *runtime::worker::current();
  auto* current = dispatch::current().in_flight;
  auto in_flight = current ? *current : nullptr;
  if (in_flight)
    ++in_flight->count;
  // The owner holds what the coroutine captured; it goes when the coroutine has gone.
  auto ended = [&home, owner = std::move(owner), in_flight](const std::exception_ptr& error) {
    if (error)
      home.report("event handler", error);
    if (! in_flight)
      return;
    --in_flight->count;
    if (auto landed = in_flight->landed)
      landed();
  };
  asio::co_spawn(home.io().get_executor(), std::move(coroutine), std::move(ended));
}

} // namespace atrium::api::detail
