#include "storage/history_reader.hpp"
#include "storage/sqlite.hpp"
#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace atrium;
using namespace atrium::test;

namespace {

using values = std::vector<json::value>;

storage::history_range range_of(std::string_view id, epoch_ms start, epoch_ms end,
                                storage::history_order order, std::size_t limit) {
  return {id, start, end, order, limit};
}

constexpr auto oldest = storage::history_order::oldest_first;
constexpr auto newest = storage::history_order::newest_first;

} // namespace

TEST_CASE("history is read across the fold boundary, each value once, in either order") {
  auto disk = disk_storage{};
  for (auto n = 1; n <= 10; ++n) {
    commit(*disk.store, {put("a", n * 10, n), put("b", n * 10, -n)});
    if (n == 3 || n == 6)
      fold_all(*disk.history, 2);
  }
  CHECK(values_of(read_all(*disk.reader, "a")) == values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 50, 80, oldest, 100)))
        == values{5, 6, 7, 8});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 50, 80, newest, 100)))
        == values{8, 7, 6, 5});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 0, 999, oldest, 4))) == values{1, 2, 3, 4});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 0, 999, newest, 5)))
        == values{10, 9, 8, 7, 6});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 0, 999, newest, 0))).empty());
  CHECK(values_of(read_all(*disk.reader, range_of("a", 80, 50, oldest, 9))).empty());
  CHECK(read_all(*disk.reader, "never.written").empty());
}

TEST_CASE("late values stand where their time says, wherever they are stored") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 50, 5), put("a", 10, 1), put("a", 30, 3)});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 40, 4), put("a", 20, 2), put("a", 0, 0)});
  CHECK(values_of(read_all(*disk.reader, "a")) == values{0, 1, 2, 3, 4, 5});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 0, 99, newest, 3))) == values{5, 4, 3});
}

TEST_CASE("several writes in the same millisecond are all kept, in the order of the journal") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 7, 1), put("a", 7, 2)});
  commit(*disk.store, {put("a", 7, 3)});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 7, 4), put("a", 7, 5)});
  CHECK(values_of(read_all(*disk.reader, "a")) == values{1, 2, 3, 4, 5});
  CHECK(values_of(read_all(*disk.reader, range_of("a", 7, 7, newest, 2))) == values{5, 4});
}

TEST_CASE("a value keeps all its attributes, before and after it is folded") {
  auto disk = disk_storage{};
  auto x = value_at(1000, json::object{{"r", 1}});
  x.ack = false;
  x.lc = 900;
  x.q = 0x44;
  x.user = "system.user.admin";
  x.c = "a comment";
  commit(*disk.store, {put("a", x)});
  CHECK(read_all(*disk.reader, "a") == std::vector<history_value>{{1, x}});
  fold_all(*disk.history);
  CHECK(read_all(*disk.reader, "a") == std::vector<history_value>{{1, x}});
  auto later = x;
  later.from = "a source that came later";
  commit(*disk.store, {put("a", later)});
  CHECK(read_all(*disk.reader, "a") == std::vector<history_value>{{1, x}, {2, later}});
}

TEST_CASE("deleting a state ends it but keeps its past; objects have none") {
  auto disk = disk_storage{};
  commit(*disk.store, {put_object("a", "{}"), put("a", 1, 1), erase("a")});
  fold_all(*disk.history, 1);
  commit(*disk.store, {erase_object("a")});
  CHECK(values_of(read_all(*disk.reader, "a")) == values{1});
  CHECK(recovered_model(*disk.store).states.empty());
  commit(*disk.store, {put("a", 2, 2)});
  CHECK(values_of(read_all(*disk.reader, "a")) == values{1, 2});
  CHECK(recovered_model(*disk.store).states.size() == 1);
}

TEST_CASE("a range longer than many slices is whole, in both orders") {
  auto disk = disk_storage{};
  auto batch = std::vector<storage::write>{};
  auto expected = values{};
  for (auto n = 0; n < 30'000; ++n) {
    batch.push_back(put("a", n / 3, n));
    expected.emplace_back(n);
  }
  commit(*disk.store, batch);
  REQUIRE(disk.history->fold(13'000).value().rows == 13'000);
  CHECK(values_of(read_all(*disk.reader, "a")) == expected);
  std::reverse(expected.begin(), expected.end());
  CHECK(values_of(read_all(*disk.reader, range_of("a", 0, 99'999, newest, 99'999))) == expected);
}

TEST_CASE("a query that is folded under its feet neither loses nor doubles a value") {
  auto order = GENERATE(oldest, newest);
  auto disk = disk_storage{};
  auto batch = std::vector<storage::write>{};
  for (auto n = 0; n < 20'000; ++n)
    batch.push_back(put("a", n, n));
  commit(*disk.store, batch);
  REQUIRE(disk.history->fold(5'000).has_value());
  auto seen = std::vector<sequence>{};
  disk.reader
    ->read(range_of("a", 0, 99'999, order, 99'999),
           [&](storage::history_row& row) {
             seen.push_back(row.seq);
             if (seen.size() % 1'000 == 0) {
               REQUIRE(disk.history->fold(1'000).has_value());
               commit(*disk.store, {put("a", 50'000, "later")});
             }
             return true;
           })
    .value();
  REQUIRE(seen.size() == 20'000);
  if (order == newest)
    std::reverse(seen.begin(), seen.end());
  for (auto n = std::size_t{0}; n < seen.size(); ++n)
    if (seen[n] != n + 1)
      FAIL("value " << n << " has sequence " << seen[n]);
}

TEST_CASE("writer, folder and readers at once: a query sees every commit that returned before it") {
  auto disk = disk_storage{};
  auto committed = std::atomic<sequence>{0};
  auto stop = std::atomic<bool>{false};
  auto writer = std::thread{[&] {
    for (auto n = sequence{1}; n <= 20'000; n += 20) {
      auto batch = std::vector<storage::write>{};
      for (auto k = n; k < n + 20; ++k)
        batch.push_back(put("a", static_cast<epoch_ms>(k / 7), static_cast<std::int64_t>(k)));
      committed = commit(*disk.store, batch).last;
    }
    stop = true;
  }};
  auto folding = std::thread{[&] {
    while (! stop)
      disk.history->fold(700).value();
  }};
  auto wrong = 0;
  auto queries = 0;
  while (! stop) {
    auto order = ++queries % 2 == 0 ? oldest : newest;
    auto at_least = committed.load();
    auto rows = read_all(*disk.reader, range_of("a", 0, 99'999, order, 99'999));
    if (order == newest)
      std::reverse(rows.begin(), rows.end());
    if (rows.size() < at_least)
      ++wrong;
    for (auto n = std::size_t{0}; n < rows.size(); ++n)
      if (rows[n].seq != n + 1 || rows[n].value.val != static_cast<std::int64_t>(n + 1))
        ++wrong;
  }
  writer.join();
  folding.join();
  CHECK(wrong == 0);
  CHECK(read_all(*disk.reader, "a").size() == 20'000);
}

TEST_CASE("a reader works on its own, before and after the writer is there") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1)});
  disk.close();
  disk.folder = storage::open_data_folder({disk.files.path()}).value();
  disk.reader = disk.folder->open_reader().value();
  CHECK(values_of(read_all(*disk.reader, "a")) == values{1});
  disk.store = disk.folder->open_store().value();
  commit(*disk.store, {put("a", 2, 2)});
  CHECK(values_of(read_all(*disk.reader, "a")) == values{1, 2});
}

TEST_CASE("a visitor ends a query when it has enough") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1), put("a", 2, 2), put("a", 3, 3)});
  auto visited = 0;
  disk.reader->read(range_of("a", 0, 9, oldest, 9), [&](auto&) { return ++visited < 2; }).value();
  CHECK(visited == 2);
}

TEST_CASE("raw history answers as the options say") {
  auto disk = disk_storage{};
  auto& aut = *disk.reader;
  commit(*disk.store, {put("a", 10, 1.25), put("a", 20, nullptr), put("a", 30, 3)});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 40, 4.449), put("a", 50, "text")});
  auto query = history_query{};
  query.id = "a";
  query.start = 10;
  query.end = 50;
  auto ask = [&] { return values_of(storage::raw_history(aut, query).value()); };
  CHECK(ask() == values{1.25, nullptr, 3, 4.449, "text"});
  query.count = 2;
  CHECK(ask() == values{1.25, nullptr});
  query.return_newest_entries = true;
  CHECK(ask() == values{4.449, "text"});
  query.limit = 1;
  CHECK(ask() == values{"text"});
  query.limit.reset();
  query.return_newest_entries = false;
  query.start.reset();
  CHECK(ask() == values{4.449, "text"});
  query.start = 50;
  query.end = 10;
  query.count = 3;
  query.ignore_null = null_handling::drop;
  query.round = 1;
  CHECK(ask() == values{1.3, 3, 4.4});
  query.ignore_null = null_handling::as_zero;
  CHECK(ask() == values{1.3, 0, 3});
  query.aggregate = history_aggregate::average;
  CHECK(storage::raw_history(aut, query).error().code == errc::invalid_query);
}

TEST_CASE("the neighbours of a range are found on both sides") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 10, 1), put("a", 20, 2), put("a", 20, 3)});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 30, 4)});
  auto near = [&](epoch_ms at, storage::history_order order) {
    return storage::neighbour(*disk.reader, "a", at, order).value();
  };
  CHECK(near(20, newest)->value.val == 1);
  CHECK(near(25, newest)->value.val == 3);
  CHECK(near(20, oldest)->value.val == 4);
  CHECK(near(10, oldest)->value.val == 2);
  CHECK_FALSE(near(10, newest).has_value());
  CHECK_FALSE(near(30, oldest).has_value());
}

TEST_CASE("people can read both files with sqlite3") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 0, "text"), put("gone", 1, 1)});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 1'500, true), erase("gone"), put_object("a", "{}")});
  auto text = [&](const char* file, const char* sql) {
    auto db = storage::sqlite::connection{
      disk.files.path() / file, storage::sqlite::access::read_only, std::chrono::milliseconds{100}};
    auto stmt = storage::sqlite::statement{db, sql};
    return stmt.step() ? std::string{stmt.text(0)} : std::string{"nothing"};
  };
  CHECK(text("atrium.db", "SELECT group_concat(id || ' ' || val || ' ' || time || ' ' || source) "
                          "FROM state_view")
        == "a true 1970-01-01T00:00:01.500Z system.adapter.demo.0");
  CHECK(text("atrium.db", "SELECT group_concat(id || ' ' || change, ', ') FROM journal_view")
        == "a state, gone state deleted, a object");
  CHECK(text("atrium.db", "SELECT id || text FROM object_view") == "a{}");
  CHECK(text("history.db", "SELECT id || ' ' || val || ' ' || time FROM history_view")
        == "a \"text\" 1970-01-01T00:00:00.000Z");
}
