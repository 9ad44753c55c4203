#include "storage/migrations.hpp"

#include <string>

namespace atrium::storage {

namespace {

std::string file_of(sqlite::connection& db) {
  return sqlite3_db_filename(db.get(), "main");
}

} // namespace

outcome<void> migrate(sqlite::connection& db, std::span<const migration> steps) {
  return sqlite::guarded([&]() -> outcome<void> {
    auto version = db.integer("PRAGMA user_version").value_or(0);
    auto newest = steps.empty() ? 0 : steps.back().version;
    if (version > newest)
      return failure{errc::storage_newer,
                     file_of(db) + ": written by a newer version of Atrium (the file has version "
                       + std::to_string(version) + ", this program knows " + std::to_string(newest)
                       + "); use that version, or restore a backup"};
    if (version == 0 && db.integer("SELECT count(*) FROM sqlite_schema").value_or(0) > 0)
      return failure{errc::storage_corrupt,
                     file_of(db) + ": not a database of Atrium; move it away"};
    for (auto& step : steps) {
      if (step.version <= version)
        continue;
      auto txn = sqlite::transaction{db, sqlite::transaction::kind::immediate};
      db.exec(std::string{step.sql});
      db.exec("PRAGMA user_version = " + std::to_string(step.version));
      txn.commit();
    }
    return {};
  });
}

} // namespace atrium::storage
