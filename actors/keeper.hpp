#pragma once

#include "actors/adapters/registry.hpp"
#include "actors/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace atrium {

/// One configured instance of an adapter.
struct adapter_instance {
  std::string type;
  /// Such as "demo.0".
  std::string name;
  json::object settings;
};

struct keeper_options {
  std::vector<adapter_instance> instances;
  /// How long to wait before an adapter that died is started again. Doubles with each failure in a
  /// row, up to `restart_delay_max`; one that lived longer than its last delay has succeeded.
  std::chrono::milliseconds restart_delay{1'000};
  std::chrono::milliseconds restart_delay_max{60'000};
};

/// Starts one instance for the first time or again.
using start_adapter = std::function<result<adapter_actor>(const adapter_instance&)>;

/// Keeps every configured adapter running and tells the catalog who is there. When it is asked to
/// end it ends the adapters and waits for them.
class keeper_state {
public:
  static constexpr auto name = "hub.keeper";

  explicit keeper_state(keeper_actor::pointer self) noexcept : self_{self} {
  }

  keeper_actor::behavior_type
  make_behavior(keeper_options options, catalog_actor catalog, start_adapter start);

private:
  using time_point = caf::actor_clock::time_point;

  struct kept {
    adapter_instance instance;
    adapter_actor actor;
    std::chrono::milliseconds delay;
    time_point started;
  };

  void start(kept& x);
  void start_later(kept& x);
  void down(const caf::down_msg& x);
  void stop(const caf::exit_msg& x);

  keeper_actor::pointer self_;
  keeper_options options_;
  catalog_actor catalog_;
  start_adapter start_;
  std::map<std::string, kept> kept_;
  std::size_t alive_ = 0;
  bool stopping_ = false;
};

keeper_actor::behavior_type
keeper(keeper_actor::stateful_pointer<keeper_state> self, keeper_options options,
       catalog_actor catalog, start_adapter start);

} // namespace atrium
