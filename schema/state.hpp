#pragma once

#include "schema/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace atrium {

/// Milliseconds since 1970-01-01 UTC, as ioBroker and JavaScript count.
using epoch_ms = std::int64_t;

/// Position of a change in the journal. Dense, starts at 1; 0 means none.
using sequence = std::uint64_t;

/// The value of a state with what is known about it (reference: ioBroker, section 4.3).
struct state {
  json::value val;
  /// false: a command (a wish to the owner); true: a report (a fact from the owner).
  bool ack = false;
  epoch_ms ts = 0;
  /// When the value last changed.
  epoch_ms lc = 0;
  /// Quality, a bit field; 0 is good.
  std::uint32_t q = 0;
  std::string from;
  std::string user;
  /// A comment; empty means none.
  std::string c;

  friend bool operator==(const state&, const state&) = default;
};

/// One durable step of the model: a state took a value, or went away.
struct state_change {
  std::string id;
  /// Absent: the state was deleted.
  std::optional<state> value;

  friend bool operator==(const state_change&, const state_change&) = default;
};

/// A change with its place in the journal.
struct journaled_change {
  sequence seq = 0;
  state_change change;
};

} // namespace atrium
