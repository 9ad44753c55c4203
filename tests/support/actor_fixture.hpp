#pragma once

#include "actors/runtime/ask.hpp"
#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/scheduler.hpp"
#include "actors/runtime/system.hpp"

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace atrium::test {

/// An actor system without threads and without a wall clock: actors, coroutines and timers move
/// when the test says so. Never spawn detached actors in here. Actors that the test spawns are
/// given to `own`, which ends them.
class actor_fixture {
public:
  explicit actor_fixture(std::size_t workers = 1)
    : runtime{options(workers)},
      sys{runtime.actors()} {
  }

  ~actor_fixture() {
    for (auto i = owned_.rbegin(); i != owned_.rend(); ++i)
      self->send_exit(*i, caf::exit_reason::user_shutdown);
    run();
  }

  /// Lets every message in flight and every ready handler run, and what they cause. Leaves timers
  /// be.
  void run() {
    auto worked = true;
    while (worked) {
      worked = false;
      for (std::size_t i = 0; i < runtime.workers(); ++i)
        worked |= runtime.at(i).step();
    }
  }

  /// Moves the clock forward, step by step over everything that becomes due on the way.
  void advance(std::chrono::milliseconds by) {
    run();
    auto end = now_ + by;
    for (;;) {
      auto at = end;
      for (std::size_t i = 0; i < runtime.workers(); ++i)
        if (auto x = runtime.at(i).timers().next(); x && *x < at)
          at = *x;
      auto step = std::max(at - now_, runtime::clock::duration::zero());
      now_ += step;
      runtime.driver().simulated_clock().advance_time(
        std::chrono::duration_cast<caf::timespan>(step));
      run();
      if (now_ >= end)
        return;
    }
  }

  /// Sends a request, runs the system, and returns the response; fails the test on an error.
  template <class T, class Handle, class... Ts>
  T ask(const Handle& dst, Ts&&... xs) {
    auto pending = self->request(dst, caf::infinite, std::forward<Ts>(xs)...);
    run();
    T response{};
    pending.receive([&](T& x) { response = std::move(x); },
                    [&](caf::error& x) { FAIL(sys.render(x)); });
    return response;
  }

  /// Sends a request, runs the system, and returns the error; fails the test on an answer.
  template <class T, class Handle, class... Ts>
  caf::error ask_error(const Handle& dst, Ts&&... xs) {
    auto pending = self->request(dst, caf::infinite, std::forward<Ts>(xs)...);
    run();
    caf::error error;
    pending.receive([&](T&) { FAIL("got an answer, expected an error"); },
                    [&](caf::error& x) { error = std::move(x); });
    return error;
  }

  /// The state object of an actor, to look at.
  template <class State, class Handle>
  State& state_of(const Handle& hdl) {
    using pointer = typename Handle::template stateful_pointer<State>;
    return caf::actor_cast<pointer>(hdl)->state;
  }

  /// Starts a coroutine on the first worker and runs until all rests.
  void start(boost::asio::awaitable<void> coroutine, std::string name = "test") {
    runtime.post(0, [this, c = std::move(coroutine), n = std::move(name)]() mutable {
      runtime::spawn(runtime.at(0), std::move(c), std::move(n));
    });
    run();
  }

  /// Ends `hdl` when the test ends.
  template <class Handle>
  Handle own(Handle hdl) {
    owned_.push_back(caf::actor_cast<caf::actor>(hdl));
    return hdl;
  }

private:
  runtime::system_options options(std::size_t workers);
  runtime::clock::time_point now_{std::chrono::hours{1}};
  std::vector<caf::actor> owned_;

public:
  /// What was reported by `worker::report`, as "where: what".
  std::vector<std::string> reported;
  runtime::system runtime;
  caf::actor_system& sys;
  caf::scoped_actor self{sys, true};
};

inline runtime::system_options actor_fixture::options(std::size_t workers) {
  runtime::system_options result;
  result.workers = workers;
  result.each.simulated_now = &now_;
  result.each.on_error = [this](std::string_view where, std::string_view what) {
    reported.push_back(std::string{where} + ": " + std::string{what});
  };
  return result;
}

} // namespace atrium::test
