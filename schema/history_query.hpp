#pragma once

#include "schema/json.hpp"
#include "schema/state.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace atrium {

/// How the values of a range become the values of an answer (reference: ioBroker, section 5).
enum class history_aggregate : std::uint8_t {
  none,
  onchange,
  minmax,
  min,
  max,
  average,
  total,
  count,
  percentile,
  quantile,
  integral,
  integral_total,
};

/// What becomes of nulls in an answer.
enum class null_handling : std::uint8_t {
  keep,
  drop,
  as_zero,
};

/// How an integral goes from one value to the next.
enum class integral_interpolation : std::uint8_t {
  none,
  linear,
};

/// Values that an answer holds when the query does not say how many.
inline constexpr std::size_t history_limit_default = 2000;

/// Intervals of an aggregate when the query does not say how many.
inline constexpr std::size_t history_intervals_default = 500;

/// One question about the past of one state, its options named as the reference names them. A plain
/// value: defaults that depend on the present (`end`) are filled in by whoever parses the options.
struct history_query {
  std::string id;
  /// Absent: from the beginning, and then the newest values are meant, not the oldest.
  std::optional<epoch_ms> start;
  epoch_ms end = 0;
  /// Values (none, onchange) or intervals (the others).
  std::optional<std::size_t> count;
  /// The most values that an answer may hold.
  std::optional<std::size_t> limit;
  history_aggregate aggregate = history_aggregate::none;
  /// Length of an interval in milliseconds; wins over `count`.
  std::optional<epoch_ms> step;
  bool return_newest_entries = false;
  bool remove_border_values = false;
  null_handling ignore_null = null_handling::keep;
  /// Digits after the point; absent: not rounded.
  std::optional<int> round;
  double percentile = 50;
  double quantile = 0.5;
  double integral_unit_seconds = 60;
  integral_interpolation interpolation = integral_interpolation::none;

  /// Which attributes the answer carries besides `ts` and `val`.
  bool ack = false;
  bool q = false;
  bool from = false;
  bool user = false;
  bool c = false;
  bool add_id = false;

  /// The most values that an answer without aggregation holds, as count and limit say.
  std::size_t values_max() const noexcept {
    auto wanted = count ? *count : limit.value_or(history_limit_default);
    return limit && *limit < wanted ? *limit : wanted;
  }

  /// Whether the newest values of the range are meant when there are too many.
  bool newest() const noexcept {
    return return_newest_entries || ! start;
  }
};

/// One past value of a state.
struct history_value {
  sequence seq = 0;
  state value;

  friend bool operator==(const history_value&, const history_value&) = default;
};

} // namespace atrium
