#pragma once

#include "actors/runtime/counter.hpp"
#include "actors/runtime/flushable.hpp"
#include "actors/runtime/timer_wheel.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

#include <atomic>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::runtime {

namespace asio = boost::asio;

class asker;

/// What `worker` needs to know from outside; the same for all workers of a system.
struct worker_options {
  /// How long a tick gathers before the outboxes are flushed.
  std::chrono::microseconds tick_max{2000};
  /// How many messages an actor may take before the next one gets its turn.
  std::size_t messages_per_turn_max = 300;
  /// How many socket handlers run before the actors get their turn.
  std::size_t handlers_per_turn_max = 256;
  /// Told of everything that a handler, a coroutine or an actor threw; called on any worker.
  std::function<void(std::string_view where, std::string_view what)> on_error;
  /// When set, the worker has no thread and takes its time from here: it is driven by `step`.
  const clock::time_point* simulated_now = nullptr;
};

/// One thread with one `io_context`, one queue of runnable actors and one timer wheel. It turns in
/// ticks: run the socket handlers that are ready and the actors they woke, for at most `tick_max`;
/// then flush every outbox that was touched. A burst therefore costs one write for each connection
/// however many frames it queued, and a quiet hub adds no delay.
///
/// Unless said otherwise, members are called on the worker's own thread only.
class worker final : public caf::execution_unit {
public:
  worker(caf::actor_system& sys, unsigned index, const worker_options& options);
  ~worker() override;

  /// The worker whose thread this is, or null. Any thread.
  static worker* current() noexcept {
    return current_;
  }

  unsigned index() const noexcept {
    return index_;
  }

  asio::io_context& io() noexcept {
    return *io_;
  }

  timer_wheel& timers() noexcept {
    return wheel_;
  }

  /// Now, on the clock of the timers. Any thread.
  clock::time_point now() const noexcept {
    return options_.simulated_now ? *options_.simulated_now : clock::now();
  }

  /// Asks for `x.flush()` at the end of this tick; once is enough, more is allowed.
  void flush_later(flushable& x) {
    dirty_.push_back(&x);
  }

  /// Takes back every `flush_later` of `x`; to be called before `x` dies.
  void forget(flushable& x) noexcept;

  /// Runs `f` on this worker, after what is queued there already. Any thread.
  template <class F>
  void post(F&& f) {
    asio::post(*io_, std::forward<F>(f));
  }

  /// Queues an actor. Unlike CAF's own units, from any thread. From another worker it comes with
  /// all else that worker has for this one, at the end of its turn: a fan-out wakes each worker
  /// once.
  void exec_later(caf::resumable* job) override;

  /// Tells whoever runs the hub that `where` threw; counts it. Any thread.
  void report(std::string_view where, const std::exception_ptr& error) noexcept;

  /// How many exceptions were reported. Any thread.
  std::uint64_t errors() const noexcept {
    return errors_.load(std::memory_order_relaxed);
  }

  /// How long the ticks were that had something to do, flush included. Any thread.
  const duration_histogram& ticks() const noexcept {
    return ticks_;
  }

  /// How many actors waited for their turn at the end of the latest tick. Any thread.
  std::int64_t actors_waiting() const noexcept {
    return actors_waiting_.value();
  }

  /// Where `ask` sends its requests from.
  asker& asks() noexcept {
    return *asker_;
  }
  void asks(asker* x) noexcept {
    asker_ = x;
  }

  /// The body of the thread; returns after `stop`.
  void run();

  /// Makes `run` return soon. Any thread.
  void stop();

  /// One tick without blocking, for simulated workers. @returns whether there was anything to do.
  bool step();

  /// Drops what is still queued, giving each actor to `release`; then destroys the `io_context`
  /// with all handlers and coroutines in it. Once the thread is gone.
  void clear(void (*release)(caf::resumable*));

private:
  /// Actors that one turn woke on another worker.
  struct parcel {
    worker* to;
    std::vector<caf::resumable*> jobs;
  };

  void take_inbox();
  void accept(std::vector<caf::resumable*>& jobs);
  void pack(worker& to, caf::resumable* job);
  void hand_over();
  bool run_handlers(clock::time_point deadline);
  bool run_actors(clock::time_point deadline);
  bool flush_dirty();
  bool tick();
  void wait();

  inline static thread_local worker* current_ = nullptr;
  worker_options options_;
  unsigned index_;
  std::unique_ptr<asio::io_context> io_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  timer_wheel wheel_;
  std::deque<caf::resumable*> ready_;
  std::vector<parcel> parcels_;
  std::vector<flushable*> dirty_;
  std::vector<flushable*> flushing_;
  asker* asker_ = nullptr;
  std::atomic<std::uint64_t> errors_{0};
  duration_histogram ticks_;
  level actors_waiting_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::vector<caf::resumable*> inbox_; // guarded by mutex_
};

} // namespace atrium::runtime
