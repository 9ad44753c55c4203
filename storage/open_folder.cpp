#include "storage/open_folder.hpp"

#include "storage/migrations.hpp"
#include "storage/sqlite_writer.hpp"

#include <algorithm>
#include <string>

namespace atrium::storage {

namespace {

void attach(sqlite::connection& db, const std::filesystem::path& file, const char* name) {
  auto path = file.string();
  sqlite::statement{db, "ATTACH ? AS " + std::string{name}}.bind(1, std::string_view{path}).run();
}

outcome<void>
pair_files(sqlite::connection& atrium, sqlite::connection& history, const open_folder& folder) {
  constexpr auto select = "SELECT value FROM meta WHERE key = 'pair'";
  auto wanted = atrium.integer(select);
  if (! wanted)
    sqlite::raise_corrupt(folder.atrium_file.string() + ": lacks its pair number");
  auto found = history.integer(select);
  if (! found)
    sqlite::statement{history, "INSERT INTO meta(key, value) VALUES('pair', ?)"}
      .bind(1, *wanted)
      .run();
  else if (*found != *wanted)
    return failure{errc::storage_corrupt,
                   folder.history_file.string() + ": does not belong to "
                     + folder.atrium_file.string()
                     + "; restore both files of one backup, or move this one away"};
  return {};
}

// After a loss of power the history may know more than the journal, whose last commits were not yet
// on the disk. Names that only the history knows keep their numbers, and its sequences are not
// given away again.
void adopt_what_history_knows(sqlite::connection& atrium, const open_folder& folder) {
  attach(atrium, folder.history_file, "past");
  auto txn = sqlite::transaction{atrium, sqlite::transaction::kind::immediate};
  atrium.exec("INSERT INTO ids SELECT nr, id FROM past.ids "
              "WHERE nr > (SELECT ifnull(max(nr), 0) FROM main.ids)");
  atrium.exec("INSERT INTO sources SELECT nr, source FROM past.sources "
              "WHERE nr > (SELECT ifnull(max(nr), 0) FROM main.sources)");
  atrium.exec("UPDATE meta SET value = (SELECT value FROM past.meta WHERE key = 'folded') "
              "WHERE key = 'floor' AND value < (SELECT value FROM past.meta WHERE key = 'folded') "
              "AND (SELECT value FROM past.meta WHERE key = 'folded') > "
              "max((SELECT value FROM main.meta WHERE key = 'folded'), "
              "(SELECT ifnull(max(seq), 0) FROM journal))");
  txn.commit();
}

} // namespace

open_folder::open_folder(data_folder_options xs, file_lock held)
  : options{std::move(xs)},
    atrium_file{options.path / "atrium.db"},
    history_file{options.path / "history.db"},
    lock{std::move(held)} {
}

open_folder::~open_folder() {
  if (! prepared)
    return;
  // The last connection to close takes the logs away, unless it may only read, as most of them.
  static_cast<void>(sqlite::guarded([this] {
    write_history();
    write_atrium();
  }));
}

sqlite::connection open_folder::write_atrium() const {
  return sqlite::open_writer(atrium_file, options.busy_timeout, options.durability);
}

sqlite::connection open_folder::write_history() const {
  auto db = sqlite::open_writer(history_file, options.busy_timeout, durability::power);
  attach(db, atrium_file, "live");
  return db;
}

sqlite::connection open_folder::read_both() const {
  auto db = sqlite::connection{history_file, sqlite::access::read_only, options.busy_timeout};
  attach(db, atrium_file, "live");
  return db;
}

outcome<void> prepare_files(open_folder& folder) {
  return sqlite::guarded([&folder]() -> outcome<void> {
    auto atrium = folder.write_atrium();
    if (auto done = migrate(atrium, atrium_migrations()); ! done)
      return done;
    auto history = folder.write_history();
    if (auto done = migrate(history, history_migrations()); ! done)
      return done;
    if (auto done = pair_files(atrium, history, folder); ! done)
      return done;
    adopt_what_history_knows(atrium, folder);
    folder.prepared = true;
    return {};
  });
}

} // namespace atrium::storage
