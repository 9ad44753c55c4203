#pragma once

#include "storage/failure.hpp"
#include "storage/history_folder.hpp"
#include "storage/history_reader.hpp"
#include "storage/journal_store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace atrium::storage {

/// What a commit survives.
enum class durability : std::uint8_t {
  /// The death of the process, not the loss of power (`synchronous = NORMAL`).
  process,
  /// The loss of power too, at the price of a sync for each commit (`synchronous = FULL`).
  power,
};

struct data_folder_options {
  /// Made if it is absent.
  std::filesystem::path path;
  storage::durability durability = storage::durability::process;
  /// How long to wait when another program (sqlite3 on the command line) holds a file's lock.
  std::chrono::milliseconds busy_timeout{2000};
};

/// A data folder in use: `atrium.db`, `history.db`, and the lock that keeps other hubs out. The
/// lock is held until this and everything opened from it is gone. Thread-safe.
class data_folder {
public:
  virtual ~data_folder() = default;

  /// The one writer. Opening a second one while the first lives is a bug.
  [[nodiscard]] virtual outcome<journal_store_ptr> open_store() = 0;

  /// A reader for one thread; any number of them.
  [[nodiscard]] virtual outcome<history_reader_ptr> open_reader() = 0;

  /// The one folder of history.
  [[nodiscard]] virtual outcome<history_folder_ptr> open_history_folder() = 0;

  /// Writes a consistent copy of both files into the folder `target`, which must not hold any yet,
  /// while the hub goes on. The copy can be opened as a data folder.
  [[nodiscard]] virtual outcome<void> backup(const std::filesystem::path& target) = 0;
};

using data_folder_ptr = std::shared_ptr<data_folder>;

/// Locks the folder, makes or migrates its files, and checks that they belong together.
/// @returns errc::storage_locked, storage_newer, storage_corrupt, storage_read_only, storage_full
/// or storage_failed, with a text that says what to do.
[[nodiscard]] outcome<data_folder_ptr> open_data_folder(data_folder_options options);

} // namespace atrium::storage
