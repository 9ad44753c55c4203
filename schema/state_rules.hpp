#pragma once

#include "schema/json.hpp"
#include "schema/refusal.hpp"
#include "schema/state.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace atrium {

/// Longest comment of a state, in UTF-16 units as JavaScript counts them.
inline constexpr std::size_t comment_units_max = 512;

/// Quality of a value that nobody has written yet.
inline constexpr std::uint32_t quality_initial = 0x20;

/// Quality of a value whose adapter is not there.
inline constexpr std::uint32_t quality_not_connected = 0x42;

/// A write as it was asked for: what is absent is completed from the state it meets.
struct state_write {
  std::optional<json::value> val;
  bool ack = false;
  std::optional<epoch_ms> ts;
  std::optional<epoch_ms> lc;
  std::uint32_t q = 0;
  std::string from;
  std::string user;
  std::string c;

  friend bool operator==(const state_write&, const state_write&) = default;
};

/// Who writes: fills `from` when the client leaves it out, and `user` always.
struct writer {
  std::string from;
  std::string user;
};

/// Reads the second argument of `setState`: a state object, or any other value as `{val}`. The
/// refusal has the text of the reference. `expire` is refused, for nothing here forgets by the
/// clock.
checked<state_write> parse_state_write(json::value x, const writer& who);

/// The state that a write makes of `old` (null: none yet) at `now`. `step` above 0 rounds numbers.
state apply(state_write write, const state* old, epoch_ms now, double step = 0);

/// Whether two values are the same to JavaScript: numbers by value, objects in any order.
bool same_value(const json::value& x, const json::value& y) noexcept;

/// `x` at the nearest multiple of `step`, if it is a number and the step is above 0.
json::value rounded(json::value x, double step);

} // namespace atrium
