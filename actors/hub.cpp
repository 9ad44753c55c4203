#include "actors/hub.hpp"

#include "actors/guard.hpp"
#include "actors/stop_order.hpp"

#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>

namespace atrium {

hub_actor::behavior_type hub_state::make_behavior(on_stopped stopped) {
  stopped_ = std::move(stopped);
  guard(self_);
  self_->set_down_handler([this](const caf::down_msg& x) { down(x); });
  self_->set_exit_handler([this](const caf::exit_msg&) { stop(); });
  return {
    [this](atom::adopt, stop_stage stage, caf::strong_actor_ptr& actor, bool core) {
      adopt(stage, std::move(actor), core);
    },
    [this](atom::stop) { stop(); },
    [this](atom::tick, std::uint64_t step) {
      if (stopping_ && step == step_)
        kill_stage();
    },
  };
}

void hub_state::adopt(stop_stage stage, caf::strong_actor_ptr actor, bool core) {
  self_->monitor(actor);
  auto late = stopping_ && stage <= stop_order[step_].stage;
  if (late)
    caf::anon_send_exit(caf::actor_cast<caf::actor>(actor), caf::exit_reason::user_shutdown);
  children_.push_back({std::move(actor), late ? stop_order[step_].stage : stage, core});
}

void hub_state::down(const caf::down_msg& x) {
  auto i = std::ranges::find_if(children_, [&](auto& y) {
    return caf::actor_cast<caf::actor_addr>(y.actor) == x.source;
  });
  if (i == children_.end())
    return;
  auto expected = stopping_ && i->stage <= stop_order[step_].stage;
  if (i->core && ! expected) {
    log::error("core-actor-failed", self_->system().render(x.reason),
               {{"actor", std::to_string(x.source.id())}});
    failed_ = true;
  }
  children_.erase(i);
  if (stopping_)
    go_on();
  else if (failed_)
    stop();
}

void hub_state::stop() {
  if (std::exchange(stopping_, true))
    return;
  step_ = 0;
  begin_stage();
}

void hub_state::begin_stage() {
  for (auto& x : of_stage())
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  self_->delayed_send(self_, stop_order[step_].grace, atom::tick_v, std::uint64_t{step_});
  go_on();
}

void hub_state::go_on() {
  if (! of_stage().empty())
    return;
  if (++step_ < stop_order.size()) {
    begin_stage();
    return;
  }
  --step_;
  std::exchange(stopped_, [](int) {})(failed_ ? 1 : 0);
  self_->quit();
}

void hub_state::kill_stage() {
  failed_ = true;
  for (auto& x : of_stage()) {
    log::error("stop-grace-over", "an actor did not end in time",
               {{"stage", stop_order[step_].name}, {"actor", std::to_string(x.id())}});
    caf::anon_send_exit(x, caf::exit_reason::kill);
  }
  // What does not even take the kill is left behind; the process ends all the same.
  std::erase_if(children_, [this](auto& x) { return x.stage == stop_order[step_].stage; });
  go_on();
}

std::vector<caf::actor> hub_state::of_stage() const {
  std::vector<caf::actor> result;
  for (auto& x : children_)
    if (x.stage == stop_order[step_].stage)
      result.push_back(caf::actor_cast<caf::actor>(x.actor));
  return result;
}

hub_actor::behavior_type hub(hub_actor::stateful_pointer<hub_state> self, on_stopped stopped) {
  return self->state.make_behavior(std::move(stopped));
}

} // namespace atrium
