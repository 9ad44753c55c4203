#include "storage/recovery_store.hpp"

#include "storage/file_lock.hpp"
#include "storage/migrations.hpp"
#include "storage/recovery_columns.hpp"
#include "storage/sqlite_writer.hpp"

#include <chrono>
#include <iterator>
#include <utility>

namespace atrium::storage {

namespace {

/// How long a program that looks into the file may hold its lock.
constexpr std::chrono::milliseconds busy_timeout{2000};

class sqlite_recovery_store final : public recovery_store {
public:
  sqlite_recovery_store(file_lock lock, sqlite::connection db)
    : lock_{std::move(lock)},
      db_{std::move(db)} {
  }

  outcome<std::map<std::string, saved_namespace>>
  load(epoch_ms now, std::chrono::milliseconds age_max) override {
    return sqlite::guarded([this, now, age_max] {
      auto txn = sqlite::transaction{db_, sqlite::transaction::kind::immediate};
      resume(now);
      forget(now - age_max.count());
      std::map<std::string, saved_namespace> result;
      std::map<std::int64_t, saved_namespace*> by_number;
      sqlite::statement select{db_, "SELECT nr, name, next, complete_since, published, runs "
                                    "FROM namespaces"};
      while (select.step()) {
        auto& x = result[std::string{select.text(1)}];
        x.marks = {static_cast<std::uint64_t>(select.integer(2)), select.integer(3),
                   static_cast<sequence>(select.integer(4)), runs_of(select.text(5))};
        by_number.emplace(select.integer(0), &x);
      }
      load_packets(by_number);
      load_sessions(by_number);
      txn.commit();
      for (auto& [name, x] : result)
        drop_what_has_gaps(x, now);
      return result;
    });
  }

  outcome<void> commit(std::span<const recovery_batch_ptr> batches) override {
    return sqlite::guarded([this, batches] {
      auto txn = sqlite::transaction{db_, sqlite::transaction::kind::immediate};
      for (auto& x : batches)
        apply(*x);
      txn.commit();
    });
  }

private:
  void resume(epoch_ms now) {
    sqlite::statement{db_, "UPDATE sessions SET closed = ? WHERE closed IS NULL"}
      .bind_all(now)
      .run();
    // Not in one statement, which would see the times that it has changed itself.
    std::map<std::int64_t, epoch_ms> newest;
    sqlite::statement select{db_, "SELECT nsp, max(time) FROM packets GROUP BY nsp"};
    while (select.step())
      newest.emplace(select.integer(0), select.integer(1));
    sqlite::statement update{db_, "UPDATE packets SET time = time + ? WHERE nsp = ?"};
    for (auto& [nsp, time] : newest)
      if (time < now)
        update.bind_all(now - time, nsp).run();
  }

  void forget(epoch_ms closed_before) {
    sqlite::statement{db_, "DELETE FROM sessions WHERE closed < ?"}.bind_all(closed_before).run();
    db_.exec("DELETE FROM packets WHERE nsp NOT IN (SELECT nsp FROM sessions)");
    db_.exec("DELETE FROM namespaces WHERE nr NOT IN (SELECT nsp FROM sessions)");
  }

  /// Keeps the packets before the next one that are all there.
  static void drop_what_has_gaps(saved_namespace& x, epoch_ms now) {
    auto wanted = x.marks.next;
    auto i = x.packets.end();
    while (i != x.packets.begin() && (*std::prev(i))->position == wanted - 1) {
      --i;
      --wanted;
    }
    if (i == x.packets.begin())
      return;
    x.packets.erase(x.packets.begin(), i);
    x.marks.complete_since = now;
  }

  void load_packets(const std::map<std::int64_t, saved_namespace*>& into) {
    sqlite::statement select{db_, "SELECT nsp, position, run, number, time, rooms, except_, "
                                  "channel, topic, frame FROM packets ORDER BY nsp, position"};
    while (select.step()) {
      auto x = std::make_shared<logged_packet>();
      x->position = static_cast<std::uint64_t>(select.integer(1));
      x->offset = {static_cast<std::uint64_t>(select.integer(2)),
                   static_cast<std::uint64_t>(select.integer(3))};
      x->time = select.integer(4);
      x->rooms = names_of(select.text(5));
      x->except = names_of(select.text(6));
      if (! select.is_null(7))
        x->topic
          = saved_topic{static_cast<std::uint8_t>(select.integer(7)), std::string{select.text(8)}};
      x->what = frame_of(select.blob(9));
      into.at(select.integer(0))->packets.push_back(std::move(x));
    }
  }

  void load_sessions(const std::map<std::int64_t, saved_namespace*>& into) {
    sqlite::statement select{db_, "SELECT nsp, pid, sid, since, closed, rooms, watches, data "
                                  "FROM sessions ORDER BY nsp, closed"};
    while (select.step()) {
      saved_session x;
      x.pid = select.text(1);
      x.sid = select.text(2);
      x.since = static_cast<std::uint64_t>(select.integer(3));
      x.closed = select.integer(4);
      x.rooms = names_of(select.text(5));
      x.watches = watches_of(select.text(6));
      x.data = select.text(7);
      into.at(select.integer(0))->sessions.push_back(std::move(x));
    }
  }

  void apply(const recovery_batch& x) {
    auto runs = to_column(x.marks.runs);
    mark_
      .bind_all(std::string_view{x.nsp}, x.marks.next, x.marks.complete_since, x.marks.published,
                std::string_view{runs})
      .run();
    find_.bind_all(std::string_view{x.nsp});
    if (! find_.step())
      sqlite::raise_corrupt("recovery.db: a namespace is not there");
    auto nr = find_.integer(0);
    find_.reset();
    if (x.clear) {
      clear_packets_.bind_all(nr).run();
      clear_sessions_.bind_all(nr).run();
    }
    for (auto& packet : x.packets)
      if (packet->position >= x.first)
        put(nr, *packet);
    cut_.bind_all(nr, x.first).run();
    for (auto& session : x.sessions)
      put(nr, session);
    for (auto& pid : x.gone)
      erase_.bind_all(nr, std::string_view{pid}).run();
  }

  void put(std::int64_t nr, const logged_packet& x) {
    auto rooms = to_column(x.rooms);
    auto except = to_column(x.except);
    auto what = to_column(*x.what);
    put_packet_.bind_all(nr, x.position, x.offset.run, x.offset.number, x.time,
                         std::string_view{rooms}, std::string_view{except});
    if (x.topic)
      put_packet_.bind(8, x.topic->channel).bind(9, std::string_view{x.topic->text});
    else
      put_packet_.bind(8, nullptr).bind(9, nullptr);
    put_packet_.bind_blob(10, what).run();
  }

  void put(std::int64_t nr, const saved_session& x) {
    auto rooms = to_column(x.rooms);
    auto watches = to_column(x.watches);
    put_session_.bind_all(nr, std::string_view{x.pid}, std::string_view{x.sid}, x.since);
    if (x.closed)
      put_session_.bind(5, *x.closed);
    else
      put_session_.bind(5, nullptr);
    put_session_.bind(6, std::string_view{rooms})
      .bind(7, std::string_view{watches})
      .bind(8, std::string_view{x.data})
      .run();
  }

  file_lock lock_;
  sqlite::connection db_;
  sqlite::statement mark_{db_,
                          "INSERT INTO namespaces(name, next, complete_since, published, runs) "
                          "VALUES(?, ?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET "
                          "next = excluded.next, complete_since = excluded.complete_since, "
                          "published = excluded.published, runs = excluded.runs"};
  sqlite::statement find_{db_, "SELECT nr FROM namespaces WHERE name = ?"};
  sqlite::statement clear_packets_{db_, "DELETE FROM packets WHERE nsp = ?"};
  sqlite::statement clear_sessions_{db_, "DELETE FROM sessions WHERE nsp = ?"};
  sqlite::statement cut_{db_, "DELETE FROM packets WHERE nsp = ? AND position < ?"};
  sqlite::statement put_packet_{db_, "INSERT OR REPLACE INTO packets(nsp, position, run, number, "
                                     "time, rooms, except_, channel, topic, frame) "
                                     "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  sqlite::statement put_session_{db_, "INSERT OR REPLACE INTO sessions(nsp, pid, sid, since, "
                                      "closed, rooms, watches, data) "
                                      "VALUES(?, ?, ?, ?, ?, ?, ?, ?)"};
  sqlite::statement erase_{db_, "DELETE FROM sessions WHERE nsp = ? AND pid = ?"};
};

} // namespace

outcome<recovery_store_ptr> open_recovery_store(const std::filesystem::path& file) {
  auto beside = file;
  beside += ".lock";
  auto lock = file_lock::acquire(beside);
  if (! lock)
    return lock.error();
  return sqlite::guarded([&]() -> outcome<recovery_store_ptr> {
    auto db = sqlite::open_writer(file, busy_timeout, durability::process);
    if (auto done = migrate(db, recovery_migrations()); ! done)
      return done.error();
    return recovery_store_ptr{
      std::make_shared<sqlite_recovery_store>(std::move(*lock), std::move(db))};
  });
}

} // namespace atrium::storage
