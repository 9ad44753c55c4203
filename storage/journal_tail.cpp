#include "storage/journal_tail.hpp"

#include <algorithm>
#include <functional>

namespace atrium::storage {

namespace {

constexpr auto slice_sequences = sequence{50'000};

sequence single(sqlite::statement& stmt) {
  auto guard = sqlite::reset_guard{stmt};
  return stmt.step() ? static_cast<sequence>(stmt.integer(0)) : 0;
}

void sort_keys(std::vector<history_key>& keys, history_order order) {
  if (order == history_order::oldest_first)
    std::sort(keys.begin(), keys.end());
  else
    std::sort(keys.begin(), keys.end(), std::greater<>{});
}

// Keeps what a limited query can still need.
void trim(std::vector<history_key>& keys, const history_range& range) {
  if (keys.size() <= range.limit)
    return;
  sort_keys(keys, range.order);
  keys.resize(range.limit);
}

} // namespace

journal_tail_scan::journal_tail_scan(sqlite::connection& db)
  : db_{db},
    folded_{db, "SELECT value FROM live.meta WHERE key = 'folded'"},
    last_{db, "SELECT ifnull(max(seq), 0) FROM live.journal"},
    select_{db, "SELECT ts, seq FROM live.journal WHERE seq > ? AND seq <= ? AND nr = ? "
                "AND kind = 0 AND ts BETWEEN ? AND ?"} {
}

journal_tail journal_tail_scan::run(std::int64_t nr, const history_range& range) {
  auto out = journal_tail{};
  position_ = end_ = 0;
  while (slice(nr, range, out)) {
    if (out.keys.size() / 2 > range.limit)
      trim(out.keys, range);
  }
  trim(out.keys, range);
  sort_keys(out.keys, range.order);
  return out;
}

bool journal_tail_scan::slice(std::int64_t nr, const history_range& range, journal_tail& out) {
  auto txn = sqlite::transaction{db_, sqlite::transaction::kind::deferred};
  auto folded = single(folded_);
  if (end_ == 0)
    end_ = std::max(single(last_), folded);
  if (folded > position_) {
    // Rows that this scan has not reached yet are no longer here: the history has them, and
    // everything before them.
    out.boundary = folded;
    position_ = folded;
    std::erase_if(out.keys, [folded](const history_key& x) { return x.seq <= folded; });
  }
  if (position_ >= end_)
    return false;
  auto guard = sqlite::reset_guard{select_};
  auto to = std::min(position_ + slice_sequences, end_);
  select_.bind_all(position_, to, nr, range.start, range.end);
  while (select_.step())
    out.keys.push_back({select_.integer(0), static_cast<sequence>(select_.integer(1))});
  position_ = to;
  return position_ < end_;
}

} // namespace atrium::storage
