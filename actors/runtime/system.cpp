#include "actors/runtime/system.hpp"

#include "actors/runtime/scheduler.hpp"

#include <algorithm>
#include <thread>

namespace atrium::runtime {

system::system(system_options options) : config_{std::make_unique<caf::actor_system_config>()} {
  auto workers = options.workers;
  if (workers == 0)
    workers = std::max(1u, std::thread::hardware_concurrency());
  config_->module_factories.emplace_back([this, workers, each = std::move(options.each)](
                                           caf::actor_system& sys) -> caf::actor_system::module* {
    scheduler_ = new scheduler{sys, workers, each}; // CAF takes it
    return scheduler_;
  });
  if (options.configure)
    options.configure(*config_);
  actors_ = std::make_unique<caf::actor_system>(*config_);
}

system::~system() = default;

std::size_t system::workers() const noexcept {
  return scheduler_->workers().size();
}

worker& system::at(std::size_t index) const noexcept {
  return *scheduler_->workers()[index];
}

} // namespace atrium::runtime
