#pragma once

#include "storage/history_folder.hpp"
#include "storage/open_folder.hpp"
#include "storage/retention_sweep.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <vector>

namespace atrium::storage {

/// The folder of the SQLite storage. Folding has three steps, each of which may be the last before
/// a crash: `copy` brings the tail into history.db, `update_snapshot` brings the snapshot up to it
/// and then moves the mark in one transaction, `cut` removes what is below the mark. Every step may
/// be repeated: a history row's key holds its sequence, a newer snapshot is right for an older mark
/// because recovery replays the journal over it, and cutting goes by the mark.
class sqlite_history_folder final : public history_folder {
public:
  explicit sqlite_history_folder(open_folder_ptr folder);

  outcome<fold_report> fold(std::size_t rows_max) override;
  outcome<retention_report>
  retain(const retention_policy& policy, epoch_ms now, std::size_t rows_max) override;

  // -- steps of a fold, apart for the tests that stop between them ----------------

  /// Part of the journal: from < sequence <= to.
  struct span {
    sequence from = 0;
    sequence to = 0;
    std::size_t rows = 0;
  };

  /// The oldest rows that are not folded.
  span next_span(std::size_t rows_max);
  void copy(const span& what);
  void update_snapshot(const span& what);
  void cut();

private:
  /// What a span holds of one state.
  struct summary {
    std::int64_t nr = 0;
    sequence newest = 0;
    std::uint64_t values = 0;
  };

  /// By number.
  std::vector<summary> summarize(const span& what);

  open_folder_ptr folder_;
  sqlite::connection history_;
  sqlite::connection atrium_;
  retention_sweep retention_;

  sqlite::statement folded_;
  sqlite::statement span_;
  sqlite::statement copy_;
  sqlite::statement copy_ids_;
  sqlite::statement copy_sources_;
  sqlite::statement mark_history_;
  sqlite::statement changes_;
  sqlite::statement put_snapshot_;
  sqlite::statement erase_snapshot_;
  sqlite::statement mark_;
  sqlite::statement first_;
  sqlite::statement cut_;
  sqlite::statement left_;
};

} // namespace atrium::storage
