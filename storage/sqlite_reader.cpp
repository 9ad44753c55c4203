#include "storage/journal_tail.hpp"
#include "storage/open_folder.hpp"
#include "storage/state_columns.hpp"
#include "storage/value_codec.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <string>

namespace atrium::storage {

namespace {

// Rows of one read transaction: about a millisecond.
constexpr auto slice_rows = std::size_t{4'096};

constexpr auto from_history = "SELECT seq, " ATRIUM_STATE_COLUMNS " FROM history WHERE nr = ?1 ";

// The names of sources as a reader knows them: they are never changed, so what was read once stays.
class source_cache {
public:
  explicit source_cache(sqlite::connection& db)
    : select_{db, "SELECT source FROM live.sources WHERE nr > ? ORDER BY nr"} {
  }

  std::string_view name(std::int64_t nr) {
    if (nr > static_cast<std::int64_t>(names_.size())) {
      auto guard = sqlite::reset_guard{select_};
      select_.bind(1, names_.size());
      while (select_.step())
        names_.emplace_back(select_.text(0));
    }
    if (nr < 1 || nr > static_cast<std::int64_t>(names_.size()))
      sqlite::raise_corrupt("a value has a source without a name");
    return names_[static_cast<std::size_t>(nr) - 1];
  }

private:
  sqlite::statement select_;
  std::deque<std::string> names_;
};

class sqlite_reader final : public history_reader {
public:
  explicit sqlite_reader(open_folder_ptr folder) : folder_{std::move(folder)} {
  }

  outcome<void> read(const history_range& range, const history_visitor& visit) override {
    return sqlite::guarded([this, &range, &visit] {
      auto nr = number(range.id);
      if (nr == 0 || range.limit == 0 || range.start > range.end)
        return;
      auto run = query{range, visit, nr, tail_scan_.run(nr, range)};
      while (slice(run)) {
        // Each slice is a transaction of its own, so that the logs can be checkpointed in between.
      }
    });
  }

private:
  struct query {
    const history_range& range;
    const history_visitor& visit;
    std::int64_t nr = 0;
    journal_tail tail;
    std::size_t tail_used = 0;
    std::size_t visited = 0;
    /// The last value that was visited.
    history_key cursor
      = range.order == history_order::oldest_first
          ? history_key{range.start, 0}
          : history_key{range.end, static_cast<sequence>(std::numeric_limits<std::int64_t>::max())};
  };

  std::int64_t number(std::string_view id) {
    auto guard = sqlite::reset_guard{select_id_};
    return select_id_.bind_all(id).step() ? select_id_.integer(0) : 0;
  }

  /// Visits the next rows. @returns whether there may be more.
  bool slice(query& run) {
    auto txn = sqlite::transaction{db_, sqlite::transaction::kind::deferred};
    if (run.tail_used < run.tail.keys.size())
      pin_journal();
    auto ascending = run.range.order == history_order::oldest_first;
    auto& rows = ascending ? ascending_ : descending_;
    auto guard = sqlite::reset_guard{rows};
    rows.bind_all(run.nr, run.cursor.ts, run.cursor.seq,
                  ascending ? run.range.end : run.range.start, run.tail.boundary, slice_rows);
    auto more_rows = rows.step();
    for (auto n = std::size_t{0}; n < slice_rows; ++n) {
      auto tail_next = run.tail_used < run.tail.keys.size();
      if (! more_rows && ! tail_next)
        return false;
      if (tail_next
          && (! more_rows || before(run.tail.keys[run.tail_used], key_of(rows), ascending))) {
        if (! visit_tail(run, run.tail.keys[run.tail_used++]))
          return false;
        continue;
      }
      if (! visit_row(run, rows))
        return false;
      more_rows = rows.step();
    }
    return true;
  }

  // The journal's snapshot must be older than the history's: a row that was cut off the journal by
  // then is in the history that is read after it.
  void pin_journal() {
    auto guard = sqlite::reset_guard{select_id_};
    select_id_.bind(1, std::string_view{}).step();
  }

  static bool before(const history_key& a, const history_key& b, bool ascending) {
    return ascending ? a < b : b < a;
  }

  static history_key key_of(const sqlite::statement& rows) {
    return {rows.integer(1), static_cast<sequence>(rows.integer(0))};
  }

  bool visit_tail(query& run, const history_key& key) {
    run.cursor = key;
    auto in_journal = sqlite::reset_guard{select_journal_};
    if (select_journal_.bind_all(key.seq).step())
      return visit_row(run, select_journal_);
    auto in_history = sqlite::reset_guard{select_history_};
    if (select_history_.bind_all(run.nr, key.ts, key.seq).step())
      return visit_row(run, select_history_);
    // Folded, and too old to be kept.
    return true;
  }

  bool visit_row(query& run, const sqlite::statement& rows) {
    auto row = history_row{};
    row.seq = static_cast<sequence>(rows.integer(0));
    row.ts = rows.integer(1);
    row.lc = rows.is_null(2) ? row.ts : rows.integer(2);
    row.val = read_value(rows, 3);
    row.ack = rows.integer(4) != 0;
    row.q = static_cast<std::uint32_t>(rows.integer(5));
    row.from = rows.is_null(6) ? std::string_view{} : sources_.name(rows.integer(6));
    row.user = rows.is_null(7) ? std::string_view{} : sources_.name(rows.integer(7));
    row.c = rows.text(8);
    run.cursor = {row.ts, row.seq};
    return run.visit(row) && ++run.visited < run.range.limit;
  }

  open_folder_ptr folder_;
  sqlite::connection db_ = folder_->read_both();
  source_cache sources_{db_};
  journal_tail_scan tail_scan_{db_};

  sqlite::statement select_id_{db_, "SELECT nr FROM live.ids WHERE id = ?"};
  sqlite::statement ascending_{db_, std::string{from_history}
                                      + "AND (ts, seq) > (?2, ?3) AND ts <= ?4 AND seq <= ?5 "
                                        "ORDER BY ts, seq LIMIT ?6"};
  sqlite::statement descending_{db_, std::string{from_history}
                                       + "AND (ts, seq) < (?2, ?3) AND ts >= ?4 AND seq <= ?5 "
                                         "ORDER BY ts DESC, seq DESC LIMIT ?6"};
  sqlite::statement select_history_{db_, std::string{from_history} + "AND ts = ?2 AND seq = ?3"};
  sqlite::statement select_journal_{db_, "SELECT seq, " ATRIUM_STATE_COLUMNS
                                         " FROM live.journal WHERE seq = ?"};
};

} // namespace

outcome<history_reader_ptr> make_sqlite_reader(open_folder_ptr folder) {
  return sqlite::guarded([&folder]() -> history_reader_ptr {
    return std::make_unique<sqlite_reader>(std::move(folder));
  });
}

} // namespace atrium::storage
