#include "storage/retention_sweep.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

namespace atrium::storage {

namespace {

// States that one slice looks at, so that a hub of many states does not make it long.
constexpr auto states_max = 2'000;

} // namespace

retention_sweep::retention_sweep(sqlite::connection& history)
  : db_{history},
    next_{history, "SELECT nr, id FROM main.ids WHERE nr > ? ORDER BY nr LIMIT 1"},
    count_{history, "SELECT count(*) FROM history WHERE nr = ?"},
    remove_{history, "DELETE FROM history WHERE nr = ?1 AND (ts, seq) IN "
                     "(SELECT ts, seq FROM history WHERE nr = ?1 AND ts < ?2 "
                     "ORDER BY ts, seq LIMIT ?3)"} {
}

void retention_sweep::added(std::int64_t nr, std::uint64_t rows) {
  if (auto known = rows_.find(nr); known != rows_.end())
    known->second += rows;
}

retention_report
retention_sweep::slice(const retention_policy& policy, epoch_ms now, std::size_t rows_max) {
  auto out = retention_report{};
  auto txn = sqlite::transaction{db_, sqlite::transaction::kind::deferred};
  for (auto looked_at = 0; looked_at < states_max; ++looked_at) {
    auto guard = sqlite::reset_guard{next_};
    if (! next_.bind_all(position_).step()) {
      position_ = 0;
      out.complete = true;
      break;
    }
    auto nr = next_.integer(0);
    auto own = policy.states.find(next_.text(1));
    auto& rule = own == policy.states.end() ? policy.all : own->second;
    out.rows_removed += sweep(nr, rule, now, rows_max - out.rows_removed);
    if (out.rows_removed >= rows_max)
      break;
    position_ = nr;
  }
  txn.commit();
  return out;
}

std::size_t
retention_sweep::sweep(std::int64_t nr, const retention& rule, epoch_ms now, std::size_t rows_max) {
  auto removed = std::size_t{0};
  if (rule.age_max.count() > 0) {
    auto age = std::chrono::duration_cast<std::chrono::milliseconds>(rule.age_max).count();
    removed += remove(nr, now - age, rows_max);
  }
  if (rule.rows_max > 0 && removed < rows_max)
    if (auto rows = rows_of(nr); rows > rule.rows_max)
      removed += remove(nr, std::numeric_limits<epoch_ms>::max(),
                        std::min<std::uint64_t>(rows - rule.rows_max, rows_max - removed));
  return removed;
}

std::size_t retention_sweep::remove(std::int64_t nr, epoch_ms before, std::size_t rows_max) {
  remove_.bind_all(nr, before, rows_max).run();
  auto removed = static_cast<std::size_t>(sqlite3_changes64(db_.get()));
  if (auto known = rows_.find(nr); known != rows_.end())
    known->second -= removed;
  return removed;
}

std::uint64_t& retention_sweep::rows_of(std::int64_t nr) {
  auto [at, unknown] = rows_.try_emplace(nr, 0);
  if (unknown) {
    auto guard = sqlite::reset_guard{count_};
    count_.bind_all(nr).step();
    at->second = static_cast<std::uint64_t>(count_.integer(0));
  }
  return at->second;
}

} // namespace atrium::storage
