#include "actors/runtime/worker.hpp"

#include <algorithm>

namespace atrium::runtime {

worker::worker(caf::actor_system& sys, unsigned index, const worker_options& options)
  : caf::execution_unit{&sys},
    options_{options},
    index_{index},
    io_{std::make_unique<asio::io_context>(1)},
    guard_{asio::make_work_guard(*io_)},
    wheel_{now()} {
}

worker::~worker() = default;

void worker::forget(flushable& x) noexcept {
  std::replace(dirty_.begin(), dirty_.end(), &x, static_cast<flushable*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &x, static_cast<flushable*>(nullptr));
}

void worker::exec_later(caf::resumable* job) {
  if (current_ == this)
    return ready_.push_back(job);
  if (current_)
    return current_->pack(*this, job);
  std::vector<caf::resumable*> jobs{job};
  accept(jobs);
}

void worker::accept(std::vector<caf::resumable*>& jobs) {
  auto wake = false;
  {
    std::lock_guard guard{mutex_};
    wake = inbox_.empty();
    inbox_.insert(inbox_.end(), jobs.begin(), jobs.end());
  }
  jobs.clear();
  if (wake)
    asio::post(*io_, [this] { take_inbox(); });
}

void worker::pack(worker& to, caf::resumable* job) {
  auto i = std::ranges::find(parcels_, &to, &parcel::to);
  if (i == parcels_.end())
    i = parcels_.insert(i, parcel{&to, {}});
  i->jobs.push_back(job);
}

void worker::hand_over() {
  for (auto& x : parcels_)
    if (! x.jobs.empty())
      x.to->accept(x.jobs);
}

void worker::take_inbox() {
  std::vector<caf::resumable*> jobs;
  {
    std::lock_guard guard{mutex_};
    jobs.swap(inbox_);
  }
  ready_.insert(ready_.end(), jobs.begin(), jobs.end());
}

void worker::report(std::string_view where, const std::exception_ptr& error) noexcept {
  errors_.fetch_add(1, std::memory_order_relaxed);
  if (! options_.on_error)
    return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    options_.on_error(where, e.what());
  } catch (...) {
    options_.on_error(where, "an exception of unknown type");
  }
}

bool worker::run_handlers(clock::time_point deadline) {
  std::size_t n = 0;
  try {
    while (n < options_.handlers_per_turn_max && io_->poll_one() != 0)
      if (++n % 16 == 0 && clock::now() >= deadline)
        break;
  } catch (...) {
    report("handler", std::current_exception());
    return true;
  }
  return n > 0;
}

bool worker::run_actors(clock::time_point deadline) {
  auto n = ready_.size();
  if (n == 0)
    return false;
  for (std::size_t i = 1; i <= n; ++i) {
    auto* job = ready_.front();
    ready_.pop_front();
    switch (job->resume(this, options_.messages_per_turn_max)) {
      case caf::resumable::resume_later: ready_.push_back(job); break;
      case caf::resumable::awaiting_message:
      case caf::resumable::done: caf::intrusive_ptr_release(job); break;
      case caf::resumable::shutdown_execution_unit: break;
    }
    if (i % 16 == 0 && clock::now() >= deadline)
      break;
  }
  return true;
}

bool worker::flush_dirty() {
  if (dirty_.empty())
    return false;
  flushing_.swap(dirty_);
  for (std::size_t i = 0; i < flushing_.size(); ++i)
    if (auto* x = std::exchange(flushing_[i], nullptr)) {
      try {
        x->flush();
      } catch (...) {
        report("flush", std::current_exception());
      }
    }
  flushing_.clear();
  return true;
}

bool worker::tick() {
  auto begin = clock::now();
  auto deadline = begin + options_.tick_max;
  auto worked = false;
  try {
    worked = wheel_.advance(now()) > 0;
  } catch (...) {
    worked = true;
    report("timer", std::current_exception());
  }
  do {
    auto progress = run_handlers(deadline);
    progress |= run_actors(deadline);
    hand_over();
    if (! progress)
      break;
    worked = true;
  } while (clock::now() < deadline);
  worked |= flush_dirty();
  hand_over();
  if (worked)
    ticks_.add(clock::now() - begin);
  actors_waiting_.add(static_cast<std::int64_t>(ready_.size()) - actors_waiting_.value());
  return worked;
}

void worker::wait() {
  try {
    if (auto at = wheel_.next())
      io_->run_one_until(*at);
    else
      io_->run_one();
  } catch (...) {
    report("handler", std::current_exception());
  }
}

void worker::run() {
  current_ = this;
  while (! stopped_.load(std::memory_order_acquire)) {
    if (ready_.empty() && dirty_.empty())
      wait();
    tick();
  }
  current_ = nullptr;
}

void worker::stop() {
  stopped_.store(true, std::memory_order_release);
  asio::post(*io_, [] {});
}

bool worker::step() {
  auto* previous = std::exchange(current_, this);
  auto worked = tick();
  current_ = previous;
  return worked;
}

void worker::clear(void (*release)(caf::resumable*)) {
  auto* previous = std::exchange(current_, this);
  take_inbox();
  while (! ready_.empty()) {
    auto* job = ready_.front();
    ready_.pop_front();
    release(job);
  }
  hand_over();
  guard_.reset();
  io_.reset();
  current_ = previous;
}

} // namespace atrium::runtime
