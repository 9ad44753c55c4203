#include "storage/journal_recovery.hpp"

#include "storage/state_columns.hpp"

#include <algorithm>
#include <string>

namespace atrium::storage {

namespace {

constexpr auto after_snapshot = "seq > (SELECT value FROM meta WHERE key = 'folded')";

} // namespace

journal_recovery::journal_recovery(sqlite::connection& db, const name_table& ids,
                                   const name_table& sources)
  : db_{db},
    ids_{ids},
    sources_{sources} {
}

sequence journal_recovery::last_sequence(sqlite::connection& db) {
  auto last = db.integer("SELECT max((SELECT ifnull(max(seq), 0) FROM journal), "
                         "(SELECT max(value) FROM meta WHERE key IN ('folded', 'floor')))");
  if (! last || *last < 0)
    sqlite::raise_corrupt("the journal does not know its last sequence");
  return static_cast<sequence>(*last);
}

recovered journal_recovery::everything() {
  auto txn = sqlite::transaction{db_, sqlite::transaction::kind::deferred};
  auto out = recovered{};
  out.last = last_sequence(db_);
  out.objects = objects();
  find_newest();
  read_snapshot(nullptr, out.states);
  read_tail(nullptr, out.states);
  return out;
}

std::vector<journaled_change> journal_recovery::states_below(std::string_view device) {
  auto txn = sqlite::transaction{db_, sqlite::transaction::kind::deferred};
  auto wanted = std::vector<bool>(ids_.size() + 1);
  // '/' is the character after '.', so this is the range of all ids below the device.
  auto from = std::string{device} + '.';
  auto to = std::string{device} + '/';
  auto select = sqlite::statement{db_, "SELECT nr FROM ids WHERE id = ?1 "
                                       "UNION ALL SELECT nr FROM ids WHERE id > ?2 AND id < ?3"};
  select.bind_all(device, std::string_view{from}, std::string_view{to});
  while (select.step())
    wanted.at(static_cast<std::size_t>(select.integer(0))) = true;
  find_newest();
  auto out = std::vector<journaled_change>{};
  read_snapshot(&wanted, out);
  read_tail(&wanted, out);
  return out;
}

void journal_recovery::find_newest() {
  newest_.assign(ids_.size() + 1, 0);
  auto select = sqlite::statement{db_, "SELECT seq, nr FROM journal WHERE kind <= 1 AND "
                                         + std::string{after_snapshot} + " ORDER BY seq"};
  while (select.step()) {
    auto nr = static_cast<std::uint64_t>(select.integer(1));
    if (nr >= newest_.size())
      sqlite::raise_corrupt("a journal row has an id without a name");
    newest_[nr] = static_cast<sequence>(select.integer(0));
  }
}

std::vector<object_change> journal_recovery::objects() {
  auto out = std::vector<object_change>{};
  auto select = sqlite::statement{db_, "SELECT nr, text FROM objects"};
  while (select.step())
    out.push_back({ids_.name(select.integer(0)), std::string{select.text(1)}});
  return out;
}

void journal_recovery::read_snapshot(const std::vector<bool>* wanted,
                                     std::vector<journaled_change>& out) {
  auto select = sqlite::statement{db_, "SELECT nr, seq, " ATRIUM_STATE_COLUMNS " FROM snapshot"};
  while (select.step()) {
    auto nr = select.integer(0);
    auto& id = ids_.name(nr);
    auto at = static_cast<std::size_t>(nr);
    if (newest_[at] == 0 && (wanted == nullptr || (*wanted)[at]))
      out.push_back(
        {static_cast<sequence>(select.integer(1)), {id, read_state(select, 2, sources_)}});
  }
}

void journal_recovery::read_tail(const std::vector<bool>* wanted,
                                 std::vector<journaled_change>& out) {
  auto select
    = sqlite::statement{db_, "SELECT kind, " ATRIUM_STATE_COLUMNS " FROM journal WHERE seq = ?"};
  for (auto nr = std::size_t{1}; nr < newest_.size(); ++nr) {
    if (newest_[nr] == 0 || (wanted != nullptr && ! (*wanted)[nr]))
      continue;
    select.bind(1, newest_[nr]);
    if (select.step() && select.integer(0) == static_cast<int>(row_kind::state_written))
      out.push_back(
        {newest_[nr], {ids_.name(static_cast<std::int64_t>(nr)), read_state(select, 1, sources_)}});
    select.reset();
  }
}

} // namespace atrium::storage
