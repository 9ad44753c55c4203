#include "storage/sqlite_history_folder.hpp"

#include "storage/state_columns.hpp"

#include <algorithm>
#include <unordered_map>

namespace atrium::storage {

namespace {

// What one transaction on atrium.db touches, so that the journal never waits longer than a few
// milliseconds for it.
constexpr auto snapshot_rows_max = std::size_t{1'000};
constexpr auto cut_sequences_max = sequence{10'000};

using sqlite::transaction;

} // namespace

sqlite_history_folder::sqlite_history_folder(open_folder_ptr folder)
  : folder_{std::move(folder)},
    history_{folder_->write_history()},
    atrium_{folder_->write_atrium()},
    retention_{history_},
    folded_{atrium_, "SELECT value FROM meta WHERE key = 'folded'"},
    span_{atrium_, "SELECT ifnull(max(seq), 0), count(*) FROM "
                   "(SELECT seq FROM journal WHERE seq > ? ORDER BY seq LIMIT ?)"},
    copy_{history_, "INSERT OR IGNORE INTO main.history(nr, seq, " ATRIUM_STATE_COLUMNS ") "
                    "SELECT nr, seq, " ATRIUM_STATE_COLUMNS " FROM live.journal "
                    "WHERE seq > ? AND seq <= ? AND kind = 0 ORDER BY nr, ts, seq"},
    copy_ids_{history_, "INSERT INTO main.ids SELECT nr, id FROM live.ids "
                        "WHERE nr > (SELECT ifnull(max(nr), 0) FROM main.ids)"},
    copy_sources_{history_, "INSERT INTO main.sources SELECT nr, source FROM live.sources "
                            "WHERE nr > (SELECT ifnull(max(nr), 0) FROM main.sources)"},
    mark_history_{history_, "UPDATE main.meta SET value = max(value, ?) WHERE key = 'folded'"},
    changes_{atrium_, "SELECT nr, seq, kind FROM journal WHERE seq > ? AND seq <= ? "
                      "AND kind <= 1 ORDER BY seq"},
    put_snapshot_{atrium_, "INSERT OR REPLACE INTO snapshot(nr, seq, " ATRIUM_STATE_COLUMNS ") "
                           "SELECT nr, seq, " ATRIUM_STATE_COLUMNS " FROM journal "
                           "WHERE seq = ? AND kind = 0"},
    erase_snapshot_{atrium_, "DELETE FROM snapshot WHERE nr = ?1 "
                             "AND EXISTS (SELECT 1 FROM journal WHERE seq = ?2 AND kind = 1)"},
    mark_{atrium_, "UPDATE meta SET value = ? WHERE key = 'folded'"},
    first_{atrium_, "SELECT min(seq) FROM journal"},
    cut_{atrium_, "DELETE FROM journal WHERE seq <= ?"},
    left_{atrium_, "SELECT ifnull((SELECT max(seq) FROM journal) "
                   "- (SELECT min(seq) FROM journal) + 1, 0)"} {
}

outcome<fold_report> sqlite_history_folder::fold(std::size_t rows_max) {
  return sqlite::guarded([this, rows_max] {
    auto what = next_span(rows_max);
    if (what.rows > 0) {
      copy(what);
      update_snapshot(what);
    }
    cut();
    // Passive: takes what it can get without making anybody wait.
    sqlite3_wal_checkpoint_v2(atrium_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    auto guard = sqlite::reset_guard{left_};
    left_.step();
    return fold_report{what.rows, static_cast<std::size_t>(left_.integer(0))};
  });
}

outcome<retention_report>
sqlite_history_folder::retain(const retention_policy& policy, epoch_ms now, std::size_t rows_max) {
  auto done = sqlite::guarded(
    [this, &policy, now, rows_max] { return retention_.slice(policy, now, rows_max); });
  if (! done)
    retention_.forget_counts();
  return done;
}

sqlite_history_folder::span sqlite_history_folder::next_span(std::size_t rows_max) {
  auto txn = transaction{atrium_, transaction::kind::deferred};
  auto folded_guard = sqlite::reset_guard{folded_};
  if (! folded_.step())
    sqlite::raise_corrupt("atrium.db does not know how far it was folded");
  auto from = static_cast<sequence>(folded_.integer(0));
  auto span_guard = sqlite::reset_guard{span_};
  span_.bind_all(from, rows_max).step();
  return {from, static_cast<sequence>(span_.integer(0)),
          static_cast<std::size_t>(span_.integer(1))};
}

void sqlite_history_folder::copy(const span& what) {
  auto txn = transaction{history_, transaction::kind::deferred};
  copy_ids_.run();
  copy_sources_.run();
  copy_.bind_all(what.from, what.to).run();
  auto copied = static_cast<std::uint64_t>(sqlite3_changes64(history_.get()));
  mark_history_.bind_all(what.to).run();
  txn.commit();
  auto values = std::uint64_t{0};
  for (auto& x : summarize(what)) {
    retention_.added(x.nr, x.values);
    values += x.values;
  }
  // Some had been copied before.
  if (copied != values)
    retention_.forget_counts();
}

void sqlite_history_folder::update_snapshot(const span& what) {
  auto states = summarize(what);
  for (auto done = std::size_t{0};;) {
    auto pass = write_gate::pass{folder_->gate, write_gate::urgency::background};
    auto txn = transaction{atrium_, transaction::kind::immediate};
    auto to = std::min(done + snapshot_rows_max, states.size());
    for (; done < to; ++done) {
      auto& x = states[done];
      put_snapshot_.bind_all(x.newest).run();
      if (sqlite3_changes64(atrium_.get()) == 0)
        erase_snapshot_.bind_all(x.nr, x.newest).run();
    }
    if (done == states.size())
      mark_.bind_all(what.to).run();
    txn.commit();
    if (done == states.size())
      return;
  }
}

void sqlite_history_folder::cut() {
  for (;;) {
    auto pass = write_gate::pass{folder_->gate, write_gate::urgency::background};
    auto txn = transaction{atrium_, transaction::kind::immediate};
    auto folded_guard = sqlite::reset_guard{folded_};
    auto first_guard = sqlite::reset_guard{first_};
    if (! folded_.step() || ! first_.step() || first_.is_null(0))
      return;
    auto folded = static_cast<sequence>(folded_.integer(0));
    auto first = static_cast<sequence>(first_.integer(0));
    if (first > folded)
      return;
    cut_.bind_all(std::min(first + cut_sequences_max - 1, folded)).run();
    txn.commit();
  }
}

std::vector<sqlite_history_folder::summary> sqlite_history_folder::summarize(const span& what) {
  auto by_number = std::unordered_map<std::int64_t, summary>{};
  auto guard = sqlite::reset_guard{changes_};
  changes_.bind_all(what.from, what.to);
  while (changes_.step()) {
    auto nr = changes_.integer(0);
    auto& x = by_number[nr];
    x.nr = nr;
    x.newest = static_cast<sequence>(changes_.integer(1));
    if (changes_.integer(2) == static_cast<int>(row_kind::state_written))
      ++x.values;
  }
  auto out = std::vector<summary>{};
  out.reserve(by_number.size());
  for (auto& [nr, x] : by_number)
    out.push_back(x);
  std::sort(out.begin(), out.end(), [](auto& a, auto& b) { return a.nr < b.nr; });
  return out;
}

outcome<history_folder_ptr> make_sqlite_history_folder(open_folder_ptr folder) {
  return sqlite::guarded([&folder]() -> history_folder_ptr {
    return std::make_unique<sqlite_history_folder>(std::move(folder));
  });
}

} // namespace atrium::storage
