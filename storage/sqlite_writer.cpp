#include "storage/sqlite_writer.hpp"

#include <string>

namespace atrium::storage::sqlite {

namespace {

// The folder checkpoints in the background; the writer does it itself only beyond that many pages,
// so that the log stays bounded when the folder is behind.
constexpr auto wal_pages_max = 4'000;
constexpr auto wal_bytes_kept = 32 * 1024 * 1024;

void require_writable(connection& db, const std::filesystem::path& file) {
  if (sqlite3_db_readonly(db.get(), "main") == 1)
    throw error{SQLITE_READONLY, 0, file.string() + ": the file is read-only"};
}

void use_wal(connection& db, const std::filesystem::path& file) {
  auto mode = statement{db, "PRAGMA journal_mode = WAL"};
  if (! mode.step() || mode.text(0) != "wal")
    throw error{SQLITE_ERROR, 0,
                file.string()
                  + ": its file system cannot share memory between processes, "
                    "which SQLite's write-ahead log needs; choose a local disk"};
}

} // namespace

connection open_writer(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout,
                       durability wanted) {
  auto db = connection{file, access::read_write, busy_timeout};
  require_writable(db, file);
  use_wal(db, file);
  db.exec(wanted == durability::power ? "PRAGMA synchronous = FULL"
                                      : "PRAGMA synchronous = NORMAL");
  db.exec("PRAGMA wal_autocheckpoint = " + std::to_string(wal_pages_max));
  db.exec("PRAGMA journal_size_limit = " + std::to_string(wal_bytes_kept));
  db.exec("PRAGMA temp_store = MEMORY");
  db.exec("PRAGMA trusted_schema = OFF");
  return db;
}

} // namespace atrium::storage::sqlite
