#pragma once

#include "storage/data_folder.hpp"
#include "storage/file_lock.hpp"
#include "storage/sqlite.hpp"
#include "storage/write_gate.hpp"

#include <filesystem>
#include <memory>

namespace atrium::storage {

/// What everything that was opened from one data folder shares. Lives until the last of them is
/// gone, and the lock with it. Thread-safe.
struct open_folder {
  data_folder_options options;
  std::filesystem::path atrium_file;
  std::filesystem::path history_file;
  file_lock lock;
  write_gate gate;
  bool prepared = false;

  open_folder(data_folder_options xs, file_lock held);
  open_folder(const open_folder&) = delete;
  open_folder& operator=(const open_folder&) = delete;
  /// Leaves the files without write-ahead logs, if they are prepared, so that copies are whole.
  ~open_folder();

  /// A connection that writes atrium.db, its durability as configured.
  sqlite::connection write_atrium() const;

  /// A connection that writes history.db. It syncs each commit: folding commits rarely, and only
  /// what stands on the disk may be cut off the journal.
  sqlite::connection write_history() const;

  /// A connection that reads history.db, with atrium.db beside it as `live`.
  sqlite::connection read_both() const;
};

using open_folder_ptr = std::shared_ptr<open_folder>;

/// Makes both files or migrates them, and checks that they belong together.
[[nodiscard]] outcome<void> prepare_files(open_folder& folder);

[[nodiscard]] outcome<journal_store_ptr> make_sqlite_store(open_folder_ptr folder);
[[nodiscard]] outcome<history_reader_ptr> make_sqlite_reader(open_folder_ptr folder);
[[nodiscard]] outcome<history_folder_ptr> make_sqlite_history_folder(open_folder_ptr folder);

} // namespace atrium::storage
