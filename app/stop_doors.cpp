#include "app/stop_doors.hpp"

#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/pinned.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

namespace atrium::app {

namespace {

using stop_function = std::function<boost::asio::awaitable<void>()>;

class door final : public runtime::pinned<caf::event_based_actor> {
public:
  door(caf::actor_config& cfg, runtime::worker& home, stop_function stop)
    : pinned{cfg, home},
      stop_{std::move(stop)} {
  }

  const char* name() const override {
    return "hub.door";
  }

protected:
  caf::behavior make_behavior() override {
    set_exit_handler([this](const caf::exit_msg& x) {
      if (x.reason == caf::exit_reason::kill)
        quit(x.reason);
      else if (stop_)
        runtime::spawn(
          home(), run(std::exchange(stop_, nullptr), caf::actor_cast<caf::actor>(this)), "stop");
    });
    return {[this](caf::ok_atom) { quit(); }};
  }

private:
  static boost::asio::awaitable<void> run(stop_function stop, caf::actor self) {
    co_await stop();
    caf::anon_send(self, caf::ok_atom::value);
  }

  stop_function stop_;
};

} // namespace

void adopt_door(const hub_actor& hub, runtime::worker& home, stop_stage stage, stop_function stop) {
  auto x = runtime::spawn_pinned<door>(home, std::move(stop));
  caf::anon_send(hub, atom::adopt_v, stage, caf::actor_cast<caf::strong_actor_ptr>(x), false);
}

} // namespace atrium::app
