#include "app/watchdog.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

using namespace atrium::app;
using namespace std::chrono_literals;

TEST_CASE("a watchdog bites once its patience is over, on a thread of its own") {
  std::promise<std::thread::id> bitten;
  const watchdog aut{1ms, [&] { bitten.set_value(std::this_thread::get_id()); }};
  CHECK(bitten.get_future().get() != std::this_thread::get_id());
}

TEST_CASE("a watchdog that is let go in time does nothing, and holds up nobody") {
  auto bitten = false;
  auto begin = std::chrono::steady_clock::now();
  {
    const watchdog aut{1h, [&] { bitten = true; }};
  }
  CHECK_FALSE(bitten);
  CHECK(std::chrono::steady_clock::now() - begin < 1h);
}

TEST_CASE("the end of a watchdog waits for a bite that has begun") {
  std::promise<void> begun;
  std::promise<void> go_on;
  std::atomic<bool> over{false};
  std::thread helper;
  {
    const watchdog aut{1ms, [&] {
                         begun.set_value();
                         go_on.get_future().wait();
                         over = true;
                       }};
    begun.get_future().wait();
    helper = std::thread{[&] { go_on.set_value(); }};
  }
  CHECK(over);
  helper.join();
}
