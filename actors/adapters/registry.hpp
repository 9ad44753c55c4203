#pragma once

#include "actors/interfaces.hpp"
#include "actors/journal_gauge.hpp"
#include "actors/runtime/worker.hpp"

#include <span>
#include <string>
#include <string_view>

namespace atrium {

/// What an adapter gets to live with.
struct adapter_context {
  /// Where it runs; it is pinned there and may start coroutines.
  runtime::worker* home = nullptr;
  /// Such as "demo.0": its ids begin so.
  std::string instance;
  /// Where its objects and reports go.
  model_actor model;
  /// It reports nothing new while this is high.
  journal_gauge_ptr gauge;
};

/// Turns the settings of one configured instance into a running adapter. Any thread.
using adapter_factory = result<adapter_actor> (*)(const adapter_context&, const json::object&);

struct adapter_entry {
  std::string_view type;
  adapter_factory make;
};

/// All adapters that this build knows, in the order of their lines.
std::span<const adapter_entry> known_adapters() noexcept;

/// Starts an adapter of a type. `errc::no_such_adapter` if there is none, `errc::invalid_config` if
/// it does not take the settings.
result<adapter_actor>
make_adapter(std::string_view type, const adapter_context& context, const json::object& settings);

} // namespace atrium
