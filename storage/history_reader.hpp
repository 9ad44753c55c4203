#pragma once

#include "schema/history_query.hpp"
#include "schema/json.hpp"
#include "schema/state.hpp"
#include "storage/failure.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// Which way a range is read. Values with equal times stand in the order of the journal.
enum class history_order : std::uint8_t {
  oldest_first,
  newest_first,
};

/// The past values of one state with start <= ts <= end.
struct history_range {
  std::string_view id;
  epoch_ms start = std::numeric_limits<epoch_ms>::min();
  epoch_ms end = std::numeric_limits<epoch_ms>::max();
  history_order order = history_order::oldest_first;
  /// At most that many values.
  std::size_t limit = std::numeric_limits<std::size_t>::max();
};

/// One past value while it is visited: the views are valid during the call only.
struct history_row {
  epoch_ms ts = 0;
  epoch_ms lc = 0;
  json::value val;
  bool ack = false;
  std::uint32_t q = 0;
  std::string_view from;
  std::string_view user;
  std::string_view c;
  sequence seq = 0;

  /// A copy that owns its texts.
  history_value value() const;
};

/// Called for each value, in order; returns whether it wants more. It must not call the reader.
using history_visitor = std::function<bool(history_row&)>;

/// Reads the past. Each thread has its own; not thread-safe.
class history_reader {
public:
  virtual ~history_reader() = default;

  /// Visits the values of `range` as they were when the call began: every commit that had returned
  /// by then is seen, each value once, however much is folded meanwhile. Streams: its memory does
  /// not grow with the range, and no read transaction lasts longer than a slice of a few thousand
  /// rows. A state that never had a value has no history, which is no failure.
  [[nodiscard]] virtual outcome<void> read(const history_range& range, const history_visitor& visit)
    = 0;
};

using history_reader_ptr = std::unique_ptr<history_reader>;

/// The first value with ts after `at` (oldest_first), or the last one with ts before it
/// (newest_first): what aggregates need beyond the borders of their range. Absent if there is none.
[[nodiscard]] outcome<std::optional<history_value>>
neighbour(history_reader& reader, std::string_view id, epoch_ms at, history_order order);

/// Answers a query whose aggregate is `none`: values in ascending order of time, at most
/// `query.values_max()` of them, nulls and digits as the query says.
/// @returns errc::invalid_query for any other aggregate.
[[nodiscard]] outcome<std::vector<history_value>>
raw_history(history_reader& reader, const history_query& query);

} // namespace atrium::storage
