#pragma once

#include "schema/state.hpp"
#include "storage/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace atrium::storage {

/// How long the past of a state is kept.
struct retention {
  /// Values older than this are removed; 0: kept forever.
  std::chrono::seconds age_max = std::chrono::hours{24 * 365};
  /// Of more values than this, the oldest are removed; 0: no limit.
  std::uint64_t rows_max = 10'000'000;

  friend bool operator==(const retention&, const retention&) = default;
};

/// What is kept, for all states and for those that have a rule of their own.
struct retention_policy {
  retention all;
  /// By the id of the state; replaces `all` entirely.
  std::map<std::string, retention, std::less<>> states;
};

/// What one round of folding did.
struct fold_report {
  /// Journal rows that were moved into the history.
  std::size_t rows = 0;
  /// Journal rows that still wait.
  std::size_t rows_left = 0;
};

/// What one slice of retention did.
struct retention_report {
  std::size_t rows_removed = 0;
  /// Every state was looked at: nothing more to do until time has passed or values have come.
  bool complete = false;
};

/// Moves the journal's tail into the history and removes what is too old. Owned by one thread, not
/// thread-safe, but may run beside the store and the readers: it holds the journal's write lock for
/// a few milliseconds at a time, and the store goes first when both want it.
class history_folder {
public:
  virtual ~history_folder() = default;

  /// One round: copies at most `rows_max` journal rows into the history, updates the snapshot, then
  /// cuts them off the journal. A crash anywhere in between loses nothing and doubles nothing.
  [[nodiscard]] virtual outcome<fold_report> fold(std::size_t rows_max = 50'000) = 0;

  /// One slice: removes at most `rows_max` values that `policy` does not keep. Goes on where the
  /// last slice stopped.
  [[nodiscard]] virtual outcome<retention_report>
  retain(const retention_policy& policy, epoch_ms now, std::size_t rows_max = 5'000) = 0;
};

using history_folder_ptr = std::unique_ptr<history_folder>;

} // namespace atrium::storage
