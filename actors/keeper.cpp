#include "actors/keeper.hpp"

#include "actors/guard.hpp"

#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>

namespace atrium {

keeper_actor::behavior_type
keeper_state::make_behavior(keeper_options options, catalog_actor catalog, start_adapter start) {
  options_ = std::move(options);
  catalog_ = std::move(catalog);
  start_ = std::move(start);
  guard(self_);
  self_->set_down_handler([this](const caf::down_msg& x) { down(x); });
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
  for (auto& x : options_.instances)
    this->start(kept_.emplace(x.name, kept{x, {}, options_.restart_delay, {}}).first->second);
  return {
    [this](atom::restart, const std::string& instance) {
      if (auto i = kept_.find(instance); i != kept_.end() && ! stopping_)
        this->start(i->second);
    },
  };
}

void keeper_state::start(kept& x) {
  auto adapter = start_(x.instance);
  if (! adapter) {
    log::error("adapter-not-started", adapter.error().message(), {{"instance", x.instance.name}});
    start_later(x);
    return;
  }
  x.actor = std::move(*adapter);
  x.started = self_->system().clock().now();
  ++alive_;
  self_->monitor(x.actor);
  self_->send(catalog_, atom::attach_v, x.instance.name, x.actor);
}

void keeper_state::start_later(kept& x) {
  self_->delayed_send(self_, x.delay, atom::restart_v, x.instance.name);
  x.delay = std::min(2 * x.delay, options_.restart_delay_max);
}

void keeper_state::down(const caf::down_msg& x) {
  auto i = std::ranges::find_if(kept_, [&](auto& y) {
    return y.second.actor && y.second.actor.address() == x.source;
  });
  if (i == kept_.end())
    return;
  auto& gone = i->second;
  gone.actor = nullptr;
  --alive_;
  self_->send(catalog_, atom::detach_v, gone.instance.name);
  if (stopping_) {
    if (alive_ == 0)
      self_->quit(caf::exit_reason::user_shutdown);
    return;
  }
  log::error("adapter-failed", "an adapter ended and is started again",
             {{"instance", gone.instance.name}});
  if (self_->system().clock().now() - gone.started > gone.delay)
    gone.delay = options_.restart_delay;
  start_later(gone);
}

void keeper_state::stop(const caf::exit_msg& x) {
  if (std::exchange(stopping_, true))
    return;
  if (alive_ == 0)
    self_->quit(x.reason);
  for (auto& [id, y] : kept_)
    if (y.actor)
      self_->send_exit(y.actor, x.reason);
}

keeper_actor::behavior_type
keeper(keeper_actor::stateful_pointer<keeper_state> self, keeper_options options,
       catalog_actor catalog, start_adapter start) {
  return self->state.make_behavior(std::move(options), std::move(catalog), std::move(start));
}

} // namespace atrium
