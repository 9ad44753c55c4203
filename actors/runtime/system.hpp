#pragma once

#include "actors/runtime/worker.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <functional>
#include <memory>

namespace atrium::runtime {

class scheduler;

/// How to build a `system`.
struct system_options {
  /// How many workers; 0 means one for each core.
  std::size_t workers = 1;
  worker_options each;
  /// Adds to CAF's configuration before anything starts: message types, error categories.
  std::function<void(caf::actor_system_config&)> configure;
};

/// The workers and the actors on them. Its destructor waits until every actor has ended, so whoever
/// owns actors stops them first.
class system {
public:
  explicit system(system_options options);
  system(const system&) = delete;
  system& operator=(const system&) = delete;
  ~system();

  caf::actor_system& actors() noexcept {
    return *actors_;
  }

  std::size_t workers() const noexcept;

  worker& at(std::size_t index) const noexcept;

  /// Runs `f` on worker `index`. Any thread.
  template <class F>
  void post(std::size_t index, F&& f) const {
    at(index).post(std::forward<F>(f));
  }

  /// The scheduler behind it, for tests that drive simulated workers.
  scheduler& driver() const noexcept {
    return *scheduler_;
  }

private:
  std::unique_ptr<caf::actor_system_config> config_;
  scheduler* scheduler_ = nullptr; // owned by actors_
  std::unique_ptr<caf::actor_system> actors_;
};

} // namespace atrium::runtime
