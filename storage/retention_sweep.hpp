#pragma once

#include "storage/history_folder.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <unordered_map>

namespace atrium::storage {

/// Removes what a policy does not keep, a slice at a time, state after state.
class retention_sweep {
public:
  explicit retention_sweep(sqlite::connection& history);

  retention_report slice(const retention_policy& policy, epoch_ms now, std::size_t rows_max);

  /// `rows` values of a state were added to the history.
  void added(std::int64_t nr, std::uint64_t rows);

  /// A transaction failed: counts anew.
  void forget_counts() noexcept {
    rows_.clear();
  }

private:
  std::size_t sweep(std::int64_t nr, const retention& rule, epoch_ms now, std::size_t rows_max);
  std::size_t remove(std::int64_t nr, epoch_ms before, std::size_t rows_max);
  std::uint64_t& rows_of(std::int64_t nr);

  sqlite::connection& db_;
  sqlite::statement next_;
  sqlite::statement count_;
  sqlite::statement remove_;
  /// The last state that is done; 0 at the beginning of a round.
  std::int64_t position_ = 0;
  /// Counted once for each state, then kept up: counting reads all of a state's values.
  std::unordered_map<std::int64_t, std::uint64_t> rows_;
};

} // namespace atrium::storage
