// The rules of the threads, with real threads.
#include "actors/runtime/ask.hpp"
#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/system.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <set>
#include <thread>

using namespace atrium;
using namespace std::chrono_literals;

namespace {

constexpr auto receivers = 200, senders = 8, rounds = 200;
std::atomic<int> astray{0};

/// Counts the steps that its actor took on a thread that is not its own.
struct tally {
  explicit tally(caf::event_based_actor*) {
  }
  ~tally() {
    if (home && runtime::worker::current() != home)
      ++astray;
  }
  runtime::worker* home = nullptr;
  std::set<std::thread::id> threads;
  long messages = 0;
};

class counter : public runtime::pinned<caf::stateful_actor<tally>> {
public:
  using pinned::pinned;

  caf::behavior make_behavior() override {
    state.home = &home();
    if (runtime::worker::current() != &home())
      ++astray;
    return {
      [this](int) {
        state.threads.insert(std::this_thread::get_id());
        ++state.messages;
      },
      [this](caf::get_atom) { return std::make_tuple(long(state.threads.size()), state.messages); },
    };
  }
};

caf::behavior flood(caf::event_based_actor* self, const std::vector<caf::actor>& to) {
  self->send(self, rounds);
  return {
    [self, to](int left) {
      if (left == 0)
        return self->quit();
      for (auto& x : to)
        self->send(x, left);
      self->send(self, left - 1);
    },
  };
}

runtime::system_options with_workers(std::size_t n) {
  runtime::system_options result;
  result.workers = n;
  return result;
}

/// Tells how much had been put when it was flushed.
struct outbox final : runtime::flushable {
  void flush() override {
    flushed.set_value(frames);
  }
  int frames = 0;
  std::promise<int> flushed;
};

} // namespace

TEST_CASE("a pinned actor runs on one worker, from its first step to the end of its state") {
  astray = 0;
  long total = 0, threads = 0;
  {
    runtime::system rt{with_workers(2)};
    auto& sys = rt.actors();
    std::vector<caf::actor> counters;
    sys.spawn([](caf::event_based_actor*) {}); // shifts CAF's round robin, which must not matter
    for (auto i = 0; i < receivers; ++i)
      counters.push_back(runtime::spawn_pinned<counter>(rt.at((i / 3) % 2)));
    for (auto i = 0; i < senders; ++i)
      sys.spawn(flood, counters);
    caf::scoped_actor self{sys};
    while (total < long(senders) * rounds * receivers) {
      total = 0;
      for (auto& x : counters)
        self->request(x, caf::infinite, caf::get_atom::value)
          .receive(
            [&](long n, long messages) {
              threads = std::max(threads, n);
              total += messages;
            },
            [&](caf::error& err) { FAIL(sys.render(err)); });
    }
    for (auto& x : counters)
      self->send_exit(x, caf::exit_reason::user_shutdown);
  }
  CHECK(threads == 1);
  CHECK(astray == 0);
}

TEST_CASE("whatever handlers and actors put within a tick is flushed at its end, together") {
  auto options = with_workers(1);
  options.each.tick_max = 1h;
  runtime::system rt{std::move(options)};
  outbox aut;
  auto put = rt.actors().spawn([&aut](caf::event_based_actor* self) -> caf::behavior {
    return {[&aut, self](int left) {
      ++aut.frames;
      if (left > 1)
        self->send(self, left - 1);
      else
        self->quit();
    }};
  });
  rt.post(0, [&] {
    auto& home = rt.at(0);
    home.flush_later(aut);
    for (auto i = 0; i < 100; ++i)
      home.post([&] { ++aut.frames; });
    caf::anon_send(put, 1000);
  });
  CHECK(aut.flushed.get_future().get() == 1100);
}

TEST_CASE(
  "a handler that repeats for ever and an actor with an endless mailbox delay nobody for long") {
  std::atomic<bool> stop{false};
  std::function<void()> again; // lives until the worker's thread is gone
  runtime::system rt{with_workers(1)};
  auto& home = rt.at(0);
  again = [&] {
    if (! stop)
      home.post(again);
  };
  home.post(again);
  auto endless = rt.actors().spawn([&stop](caf::event_based_actor* self) -> caf::behavior {
    self->send(self, 1);
    return {[self, &stop](int x) {
      if (stop)
        self->quit();
      else
        self->send(self, x);
    }};
  });
  // Ten others get their turn, one after the other, while both go on.
  for (auto i = 0; i < 10; ++i) {
    std::promise<void> turn;
    home.post([&] { turn.set_value(); });
    REQUIRE(turn.get_future().wait_for(5s) == std::future_status::ready);
    caf::scoped_actor self{rt.actors()};
    auto other = rt.actors().spawn([]() -> caf::behavior { return {[](int x) { return x; }}; });
    auto answered = false;
    self->request(other, 5s, 1).receive([&](int) { answered = true; }, [](caf::error&) {});
    REQUIRE(answered);
  }
  stop = true;
}

TEST_CASE(
  "an actor whose handler throws ends, is reported with its text, and its asker gets an error") {
  std::promise<std::string> said;
  auto options = with_workers(1);
  options.each.on_error = [&](std::string_view where, std::string_view what) {
    said.set_value(std::string{where} + ": " + std::string{what});
  };
  runtime::system rt{std::move(options)};
  struct thrower : runtime::pinned<caf::event_based_actor> {
    using pinned::pinned;
    const char* name() const override {
      return "thrower";
    }
    caf::behavior make_behavior() override {
      return {[](int) -> int { throw std::runtime_error{"bad frame"}; }};
    }
  };
  auto aut = runtime::spawn_pinned<thrower>(rt.at(0));
  caf::scoped_actor self{rt.actors()};
  auto failed = false;
  self->request(aut, 5s, 1).receive([](int) {}, [&](caf::error&) { failed = true; });
  CHECK(failed);
  CHECK(said.get_future().get() == "thrower: bad frame");
}

TEST_CASE("a system goes down with coroutines still suspended that own actors") {
  auto released = std::make_shared<int>(0);
  {
    runtime::system rt{with_workers(2)};
    auto owned = rt.actors().spawn<caf::hidden>([]() -> caf::behavior { return {[](int) {}}; });
    std::promise<void> started;
    rt.post(1, [&, released, owned] {
      runtime::spawn(
        rt.at(1),
        [](std::shared_ptr<int>, caf::actor,
           std::promise<void>& ready) -> boost::asio::awaitable<void> {
          boost::asio::steady_timer never{co_await boost::asio::this_coro::executor, 1h};
          ready.set_value();
          co_await never.async_wait(boost::asio::use_awaitable);
        }(released, owned, started),
        "suspended");
    });
    started.get_future().wait();
    caf::anon_send_exit(owned, caf::exit_reason::user_shutdown);
  }
  CHECK(released.use_count() == 1);
}

TEST_CASE("zero workers means one for each core") {
  runtime::system rt{with_workers(0)};
  CHECK(rt.workers() == std::max(1u, std::thread::hardware_concurrency()));
}
