#pragma once

#include "storage/history_reader.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <vector>

namespace atrium::storage {

/// Where a value stands among the values of its state.
struct history_key {
  epoch_ms ts = 0;
  sequence seq = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with 0 inside for a null pointer
  friend auto operator<=>(const history_key&, const history_key&) = default;
};

/// The part of one state's past that was not folded when a query began.
struct journal_tail {
  /// Up to this sequence the history has everything; what is beyond belongs to the tail, even if it
  /// is folded while the query runs.
  sequence boundary = 0;
  /// The values beyond it, in the order of the query. Keys only: 16 bytes each, however large the
  /// values.
  std::vector<history_key> keys;
};

/// Finds the tails of states, in slices, for the journal cannot be searched by state.
class journal_tail_scan {
public:
  /// `db` has atrium.db attached as `live`.
  explicit journal_tail_scan(sqlite::connection& db);

  /// @param nr the number of the state; the id in `range` is not looked at.
  journal_tail run(std::int64_t nr, const history_range& range);

private:
  /// @returns whether there may be more.
  bool slice(std::int64_t nr, const history_range& range, journal_tail& out);

  sqlite::connection& db_;
  sqlite::statement folded_;
  sqlite::statement last_;
  sqlite::statement select_;
  sequence position_ = 0;
  sequence end_ = 0;
};

} // namespace atrium::storage
