#pragma once

#include "actors/runtime/worker.hpp"

#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <utility>

namespace atrium::runtime {

/// Makes `self` end with an error, and its worker report the text, when a handler throws. CAF's own
/// way loses the text. For every event-based actor, from its constructor or behaviour.
template <class Actor>
void report_exceptions(Actor* self) {
  self->set_exception_handler([self](std::exception_ptr& error) -> caf::error {
    if (auto* w = worker::current())
      w->report(self->name(), error);
    return caf::make_error(caf::sec::runtime_error, std::string{self->name()});
  });
}

/// An actor that runs on one worker only, from its first step to the end of its state, so that it
/// may own a socket or share objects with coroutines there. `Base` is an event-based actor class.
/// It keeps itself alive until it ends: its owner must send it an exit, or it must quit.
template <class Base>
class pinned : public Base {
public:
  template <class... Ts>
  pinned(caf::actor_config& cfg, worker& home, Ts&&... xs)
    : Base{cfg, std::forward<Ts>(xs)...},
      home_{home} {
    report_exceptions(this);
  }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    Base::enqueue(std::move(what), &home_);
  }

  void launch(caf::execution_unit*, bool lazy, bool hide) override {
    self_ = caf::strong_actor_ptr{this->ctrl()};
    Base::launch(&home_, lazy, hide);
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* on) override {
    auto last = std::move(self_);
    return Base::cleanup(std::move(reason), on);
  }

  worker& home() const noexcept {
    return home_;
  }

private:
  worker& home_;
  caf::strong_actor_ptr
    self_; // until it ends, or whoever drops the last handle destroys it elsewhere
};

/// Spawns `Actor`, which derives from `pinned` and takes `(caf::actor_config&, worker&, xs...)`, on
/// `home`. Any thread.
template <class Actor, class... Ts>
auto spawn_pinned(worker& home, Ts&&... xs) {
  return home.system().spawn<Actor>(std::ref(home), std::forward<Ts>(xs)...);
}

} // namespace atrium::runtime
