#include "actors/runtime/timer_wheel.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <functional>
#include <random>
#include <vector>

using namespace atrium::runtime;
using namespace std::chrono_literals;

namespace {

struct probe final : timer_wheel::entry {
  std::function<void()> then;

private:
  void fire() override {
    then();
  }
};

const clock::time_point start{10h};

} // namespace

TEST_CASE("a timer fires once, never early and at most one step late") {
  timer_wheel aut{start};
  auto fired = 0;
  probe x;
  x.then = [&] { ++fired; };
  aut.arm(x, start + 10ms);
  CHECK(aut.advance(start + 9ms) == 0);
  CHECK(aut.advance(start + 10ms + timer_wheel::resolution) == 1);
  CHECK(aut.advance(start + 1h) == 0);
  CHECK(fired == 1);
  CHECK_FALSE(x.armed());
}

TEST_CASE("a cancelled or destroyed timer does not fire") {
  timer_wheel aut{start};
  probe x;
  x.then = [] { FAIL("fired"); };
  aut.arm(x, start + 10ms);
  aut.cancel(x);
  {
    probe y;
    y.then = [] { FAIL("fired"); };
    aut.arm(y, start + 10ms);
  }
  CHECK(aut.advance(start + 1h) == 0);
  CHECK_FALSE(aut.next());
}

TEST_CASE("timers fire in the order of their times, over any jump of the clock") {
  auto jump = GENERATE(1ms, 50ms, 10'000ms, 3'600'000ms);
  timer_wheel aut{start};
  std::mt19937 random{7};
  std::deque<probe> xs(500);
  std::vector<clock::time_point> seen;
  for (auto& x : xs) {
    auto at = start + std::chrono::milliseconds{random() % 60'000} / 4 * 4;
    x.then = [&seen, at] { seen.push_back(at); };
    aut.arm(x, at);
  }
  for (auto now = start; now < start + 61s; now += jump)
    aut.advance(now);
  aut.advance(start + 62s);
  REQUIRE(seen.size() == xs.size());
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("a firing timer may arm itself again, and cancel or destroy others that are due") {
  timer_wheel aut{start};
  auto beats = 0;
  probe beat;
  auto victim = std::make_unique<probe>();
  victim->then = [] { FAIL("fired"); };
  beat.then = [&] {
    victim.reset();
    if (++beats < 3)
      aut.arm(beat, start + beats * 10s);
  };
  aut.arm(beat, start + 4ms);
  aut.arm(*victim, start + 4ms);
  for (auto t = 0s; t < 60s; t += 1s)
    aut.advance(start + t);
  CHECK(beats == 3);
}

TEST_CASE("next is never too late") {
  timer_wheel aut{start};
  CHECK_FALSE(aut.next());
  probe x;
  x.then = [] {};
  aut.arm(x, start + 20s);
  REQUIRE(aut.next());
  CHECK(*aut.next() <= start + 20s);
  auto steps = 0;
  while (auto at = aut.next()) {
    aut.advance(*at);
    REQUIRE(++steps < 10);
  }
}

TEST_CASE("next names the first slot in use, wherever the hand stands") {
  std::mt19937 random{3};
  for (auto round = 0; round < 200; ++round) {
    timer_wheel aut{start};
    auto now = start + std::chrono::milliseconds{random() % 20'000};
    aut.advance(now);
    probe x, y;
    x.then = y.then = [] {};
    aut.arm(y, now + 1s);
    aut.cancel(y);
    auto at = now + std::chrono::milliseconds{1 + random() % 4'000};
    aut.arm(x, at);
    REQUIRE(aut.next());
    CHECK(*aut.next() >= at);
    CHECK(*aut.next() < at + timer_wheel::resolution);
  }
}
