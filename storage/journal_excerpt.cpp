#include "storage/journal_excerpt.hpp"

#include "storage/journal_recovery.hpp"
#include "storage/state_columns.hpp"

#include <optional>
#include <string>

namespace atrium::storage {

namespace {

constexpr std::chrono::milliseconds busy_timeout{2000};

write read_write(const sqlite::statement& row, const name_table& ids, const name_table& sources) {
  auto kind = static_cast<row_kind>(row.integer(1));
  auto& id = ids.name(row.integer(2));
  switch (kind) {
    case row_kind::state_written: return state_change{id, read_state(row, 4, sources)};
    case row_kind::state_deleted: return state_change{id, std::nullopt};
    case row_kind::object_written:
      if (! row.is_null(3))
        return object_change{id, std::string{row.text(3)}};
      return object_change{id, std::nullopt};
    case row_kind::object_deleted: return object_change{id, std::nullopt};
  }
  sqlite::raise_corrupt("the journal has a row of an unknown kind");
}

} // namespace

outcome<journal_excerpt> changes_after(const std::filesystem::path& data, sequence after) {
  return sqlite::guarded([&] {
    auto db = sqlite::connection{data / "atrium.db", sqlite::access::read_only, busy_timeout};
    auto txn = sqlite::transaction{db, sqlite::transaction::kind::deferred};
    journal_excerpt result{after + 1, {}};
    auto last = journal_recovery::last_sequence(db);
    if (last <= after)
      return result;
    auto ids = name_table{db, name_table::kind::ids};
    auto sources = name_table{db, name_table::kind::sources};
    sqlite::statement select{db, "SELECT seq, kind, nr, o.text, " ATRIUM_STATE_COLUMNS
                                 " FROM journal LEFT JOIN (SELECT nr, text FROM objects) AS o "
                                 "USING(nr) WHERE seq > ? ORDER BY seq"};
    select.bind_all(after);
    while (select.step()) {
      if (static_cast<sequence>(select.integer(0)) != result.first + result.writes.size())
        return journal_excerpt{last + 1, {}};
      result.writes.push_back(read_write(select, ids, sources));
    }
    if (result.first + result.writes.size() != last + 1)
      return journal_excerpt{last + 1, {}};
    return result;
  });
}

} // namespace atrium::storage
