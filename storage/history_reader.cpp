#include "storage/history_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace atrium::storage {

namespace {

constexpr auto digits_max = 15;

void round_to(json::value& val, int digits) {
  auto number = val.if_double();
  if (number == nullptr || ! std::isfinite(*number))
    return;
  auto scale = std::pow(10.0, std::clamp(digits, 0, digits_max));
  if (auto rounded = std::round(*number * scale) / scale; std::isfinite(rounded))
    *number = rounded;
}

} // namespace

history_value history_row::value() const {
  auto out = history_value{};
  out.seq = seq;
  out.value = state{val, ack, ts, lc, q, std::string{from}, std::string{user}, std::string{c}};
  return out;
}

outcome<std::optional<history_value>>
neighbour(history_reader& reader, std::string_view id, epoch_ms at, history_order order) {
  auto range = history_range{};
  range.id = id;
  range.order = order;
  range.limit = 1;
  if (order == history_order::oldest_first)
    range.start = at + 1;
  else
    range.end = at - 1;
  auto found = std::optional<history_value>{};
  auto done = reader.read(range, [&found](history_row& row) {
    found = row.value();
    return false;
  });
  if (! done)
    return done.error();
  return found;
}

outcome<std::vector<history_value>>
raw_history(history_reader& reader, const history_query& query) {
  if (query.aggregate != history_aggregate::none)
    return failure{errc::invalid_query, "a raw history has no aggregate"};
  auto out = std::vector<history_value>{};
  auto values_max = query.values_max();
  if (values_max == 0)
    return out;
  auto range = history_range{};
  range.id = query.id;
  range.start = query.start.value_or(range.start);
  range.end = query.end;
  if (range.start > range.end)
    std::swap(range.start, range.end);
  range.order = query.newest() ? history_order::newest_first : history_order::oldest_first;
  auto done = reader.read(range, [&](history_row& row) {
    if (row.val.is_null() && query.ignore_null == null_handling::drop)
      return true;
    auto& x = out.emplace_back(row.value());
    if (x.value.val.is_null() && query.ignore_null == null_handling::as_zero)
      x.value.val = 0;
    if (query.round)
      round_to(x.value.val, *query.round);
    return out.size() < values_max;
  });
  if (! done)
    return done.error();
  if (query.newest())
    std::reverse(out.begin(), out.end());
  return out;
}

} // namespace atrium::storage
