#pragma once

#include "actors/runtime/worker.hpp"

#include <caf/detail/test_actor_clock.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <memory>
#include <thread>
#include <vector>

namespace atrium::runtime {

/// Runs CAF's actors on the workers. An actor that is not pinned runs where it was woken. With
/// `worker_options::simulated_now` set there are no threads: whoever owns the system drives the
/// workers.
class scheduler final : public caf::scheduler::abstract_coordinator {
public:
  scheduler(caf::actor_system& sys, std::size_t workers, const worker_options& options);

  const std::vector<std::unique_ptr<worker>>& workers() const noexcept {
    return workers_;
  }

  /// CAF's simulated clock; only when simulated.
  caf::detail::test_actor_clock& simulated_clock() noexcept {
    return test_clock_;
  }

  // -- what CAF asks for ---------------------------------------------------------

  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override;
  bool detaches_utility_actors() const override;
  void start() override;
  void stop() override;

private:
  bool simulated_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<std::thread> threads_;
  caf::detail::thread_safe_actor_clock clock_;
  caf::detail::test_actor_clock test_clock_;
  std::thread timer_;
};

} // namespace atrium::runtime
