#include "actors/runtime/sleep.hpp"
#include "actors/runtime/stages.hpp"
#include "actors/runtime/timer.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace atrium;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using question = caf::atom_constant<caf::atom("question")>;

struct asking : test::actor_fixture {
  using answer = caf::expected<int>;

  asio::awaitable<void> put(caf::actor to, std::chrono::milliseconds deadline) {
    got.push_back(co_await runtime::ask<int>(to, deadline, question::value, 20));
  }

  std::vector<answer> got;
};

asio::awaitable<void> nap(std::chrono::milliseconds t, int& wakes) {
  co_await runtime::sleep(t);
  ++wakes;
}

} // namespace

TEST_CASE_METHOD(test::actor_fixture, "sleep takes as long as the clock says") {
  auto wakes = 0;
  start(nap(1h, wakes));
  advance(59min);
  CHECK(wakes == 0);
  advance(1min + 8ms);
  CHECK(wakes == 1);
}

TEST_CASE_METHOD(test::actor_fixture,
                 "what a coroutine throws is reported under its name and counted") {
  start(
    []() -> asio::awaitable<void> {
      co_await runtime::sleep(1ms);
      throw std::runtime_error{"broken"};
    }(),
    "adapter demo");
  advance(10ms);
  CHECK(reported == std::vector<std::string>{"adapter demo: broken"});
  CHECK(runtime.at(0).errors() == 1);
}

TEST_CASE_METHOD(test::actor_fixture, "a throwing handler is reported, and the worker goes on") {
  auto ran = false;
  runtime.post(0, [] { throw std::runtime_error{"oops"}; });
  runtime.post(0, [&] { ran = true; });
  run();
  CHECK(ran);
  CHECK(reported == std::vector<std::string>{"handler: oops"});
}

TEST_CASE_METHOD(test::actor_fixture, "a throwing timer is reported, and the worker goes on") {
  runtime::timer x{runtime.at(0)}, y{runtime.at(0)};
  auto fired = false;
  x.arm(1ms, [] { throw std::runtime_error{"oops"}; });
  y.arm(20ms, [&] { fired = true; });
  advance(1s);
  CHECK(fired);
  CHECK(reported == std::vector<std::string>{"timer: oops"});
}

TEST_CASE_METHOD(test::actor_fixture,
                 "an owner cancels its coroutines and waits until none is left") {
  auto& home = runtime.at(0);
  runtime::coroutines aut{home};
  auto wakes = 0, empty = 0;
  runtime.post(0, [&] {
    aut.spawn(nap(1h, wakes), "a");
    aut.spawn(nap(2h, wakes), "b");
  });
  run();
  CHECK(aut.size() == 2);
  runtime.post(0, [&] {
    aut.cancel();
    aut.when_empty([&] { ++empty; });
  });
  run();
  CHECK(aut.size() == 0);
  CHECK(empty == 1);
  CHECK(wakes == 0);
  CHECK(reported.empty());
}

TEST_CASE_METHOD(asking, "ask gives the answer of an actor") {
  auto aut
    = own(sys.spawn([]() -> caf::behavior { return {[](question, int x) { return x + 1; }}; }));
  start(put(aut, 1s));
  REQUIRE(got.size() == 1);
  CHECK(got[0] == 21);
}

TEST_CASE_METHOD(asking, "ask gives the error of an actor") {
  auto aut = own(sys.spawn([]() -> caf::behavior {
    return {[](question, int) -> caf::result<int> { return caf::sec::invalid_argument; }};
  }));
  start(put(aut, 1s));
  REQUIRE(got.size() == 1);
  CHECK(got[0] == caf::make_error(caf::sec::invalid_argument));
}

TEST_CASE_METHOD(asking, "ask gives up at its deadline, not before, and drops a late answer") {
  caf::response_promise late;
  auto aut = own(sys.spawn([&late](caf::event_based_actor* me) -> caf::behavior {
    return {[&late, me](question, int) {
      late = me->make_response_promise();
      return late;
    }};
  }));
  start(put(aut, 1s));
  advance(990ms);
  CHECK(got.empty());
  advance(20ms);
  REQUIRE(got.size() == 1);
  CHECK(got[0] == caf::make_error(caf::sec::request_timeout));
  late.deliver(1);
  run();
  CHECK(got.size() == 1);
}

TEST_CASE_METHOD(asking, "ask of an actor that has ended, or ends before it reads, is an error") {
  auto aut = sys.spawn([]() -> caf::behavior { return {[](question, int x) { return x; }}; });
  run();
  self->send_exit(aut, caf::exit_reason::kill);
  start(put(aut, 1s));
  REQUIRE(got.size() == 1);
  CHECK_FALSE(got[0]);
  start(put(aut, 1s));
  REQUIRE(got.size() == 2);
  CHECK_FALSE(got[1]);
}

TEST_CASE_METHOD(asking, "a hundred thousand answered questions leave no timer behind") {
  auto aut = own(sys.spawn([]() -> caf::behavior { return {[](question, int x) { return x; }}; }));
  start([](asking* me, caf::actor to) -> asio::awaitable<void> {
    for (auto i = 0; i < 100'000; ++i)
      me->got.assign(1, co_await runtime::ask<int>(to, 1h, question::value, i));
  }(this, aut));
  CHECK(got == std::vector<answer>{99'999});
  CHECK_FALSE(runtime.at(0).timers().next());
}

TEST_CASE_METHOD(test::actor_fixture,
                 "stages run in order, and one that hangs does not keep the next") {
  std::vector<std::string> order, failed;
  auto quick = [&](std::string name) {
    return [&order, name]() -> asio::awaitable<void> {
      order.push_back(name);
      co_return;
    };
  };
  auto hangs = [&]() -> asio::awaitable<void> {
    order.push_back("hangs");
    co_await runtime::sleep(1h);
    order.push_back("never");
  };
  auto throws = [&]() -> asio::awaitable<void> {
    order.push_back("throws");
    throw std::runtime_error{"no"};
    co_return;
  };
  std::vector<runtime::stage> stages{
    {"a", quick("a"), 1s}, {"hangs", hangs, 2s}, {"throws", throws, 1s}, {"b", quick("b"), 1s}};
  start([](auto xs, auto& out) -> asio::awaitable<void> {
    out = co_await runtime::run_stages(std::move(xs));
  }(stages, failed));
  advance(1s);
  CHECK(order == std::vector<std::string>{"a", "hangs"});
  advance(1s + 8ms);
  CHECK(order == std::vector<std::string>{"a", "hangs", "throws", "b"});
  CHECK(failed == std::vector<std::string>{"hangs", "throws"});
  CHECK(reported == std::vector<std::string>{"stop stage throws: no"});
}
