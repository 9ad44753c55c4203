#include "actors/runtime/scheduler.hpp"

#include "actors/runtime/ask.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

namespace atrium::runtime {

namespace {

/// Stands where CAF expects the actor that prints; nothing here prints.
caf::behavior silent_printer(caf::event_based_actor*) {
  return {[](caf::unit_t) {}};
}

} // namespace

scheduler::scheduler(caf::actor_system& sys, std::size_t workers, const worker_options& options)
  : abstract_coordinator{sys},
    simulated_{options.simulated_now != nullptr} {
  for (std::size_t i = 0; i < workers; ++i)
    workers_.push_back(std::make_unique<worker>(sys, static_cast<unsigned>(i), options));
}

void scheduler::enqueue(caf::resumable* job) {
  auto* w = worker::current();
  if (! w)
    w = workers_[next_worker_.fetch_add(1) % workers_.size()].get();
  w->exec_later(job);
}

caf::actor_clock& scheduler::clock() noexcept {
  if (simulated_)
    return test_clock_;
  return clock_;
}

bool scheduler::detaches_utility_actors() const {
  return ! simulated_;
}

void scheduler::start() {
  for (auto& w : workers_) {
    auto hdl = system().spawn<asker, caf::hidden>(std::ref(*w));
    w->asks(dynamic_cast<asker*>(caf::actor_cast<caf::abstract_actor*>(hdl)));
  }
  utility_actors_[printer_id] = system().spawn<caf::hidden>(silent_printer);
  if (simulated_)
    return;
  for (auto& w : workers_)
    threads_.emplace_back([this, &w] {
      system().thread_started();
      w->run();
      system().thread_terminates();
    });
  timer_ = std::thread{[this] { clock_.run_dispatch_loop(); }};
}

void scheduler::stop() {
  for (auto& w : workers_)
    caf::anon_send_exit(w->asks().ctrl(), caf::exit_reason::user_shutdown);
  for (auto& x : utility_actors_)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  for (auto& w : workers_)
    w->stop();
  for (auto& t : threads_)
    t.join();
  if (simulated_)
    for (auto& w : workers_)
      while (w->step())
        ;
  // Handlers still own actors, so they go before CAF's clock does.
  for (auto& w : workers_)
    w->clear(&abstract_coordinator::cleanup_and_release);
  utility_actors_ = {};
  if (simulated_)
    return;
  clock_.cancel_dispatch_loop();
  timer_.join();
}

} // namespace atrium::runtime
