#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace atrium::test;

namespace {

using values = std::vector<json::value>;

storage::retention keep(std::chrono::seconds age_max, std::uint64_t rows_max) {
  return {age_max, rows_max};
}

std::size_t retain_all(storage::history_folder& aut, const storage::retention_policy& policy,
                       epoch_ms now, std::size_t rows_max = 5'000) {
  auto removed = std::size_t{0};
  for (;;) {
    auto done = aut.retain(policy, now, rows_max).value();
    CHECK(done.rows_removed <= rows_max);
    removed += done.rows_removed;
    if (done.complete)
      return removed;
  }
}

// Ten values of each state, a second apart: 0, 1 and so on at 0 ms, 1000 ms and so on.
void fill(disk_storage& disk) {
  for (auto n = 0; n < 10; ++n)
    commit(*disk.store, {put("a", n * 1000, n), put("b", n * 1000, n)});
  fold_all(*disk.history);
}

} // namespace

TEST_CASE("values older than their age are removed, in slices of any size") {
  auto rows_max = GENERATE(as<std::size_t>{}, 1, 3, 100);
  auto disk = disk_storage{};
  fill(disk);
  auto policy = storage::retention_policy{keep(std::chrono::seconds{3}, 0), {}};
  CHECK(retain_all(*disk.history, policy, 10'000, rows_max) == 14);
  CHECK(values_of(read_all(*disk.reader, "a")) == values{7, 8, 9});
  CHECK(values_of(read_all(*disk.reader, "b")) == values{7, 8, 9});
  CHECK(retain_all(*disk.history, policy, 10'000, rows_max) == 0);
}

TEST_CASE("of too many values the oldest are removed, also of those that came later") {
  auto disk = disk_storage{};
  fill(disk);
  auto policy = storage::retention_policy{keep(std::chrono::seconds{0}, 4), {}};
  CHECK(retain_all(*disk.history, policy, 0, 5) == 12);
  CHECK(values_of(read_all(*disk.reader, "a")) == values{6, 7, 8, 9});
  commit(*disk.store, {put("a", 20'000, 10), put("a", 21'000, 11)});
  CHECK(retain_all(*disk.history, policy, 0) == 0);
  fold_all(*disk.history);
  CHECK(retain_all(*disk.history, policy, 0) == 2);
  CHECK(values_of(read_all(*disk.reader, "a")) == values{8, 9, 10, 11});
}

TEST_CASE("a state's own rule replaces the one for all") {
  auto disk = disk_storage{};
  fill(disk);
  auto policy = storage::retention_policy{keep(std::chrono::seconds{1}, 1),
                                          {{"a", keep(std::chrono::seconds{0}, 0)}}};
  CHECK(retain_all(*disk.history, policy, 10'000) == 9);
  CHECK(read_all(*disk.reader, "a").size() == 10);
  CHECK(values_of(read_all(*disk.reader, "b")) == values{9});
}

TEST_CASE("retention leaves the current value of a state alone") {
  auto disk = disk_storage{};
  fill(disk);
  auto policy = storage::retention_policy{keep(std::chrono::seconds{1}, 0), {}};
  retain_all(*disk.history, policy, 1'000'000);
  CHECK(read_all(*disk.reader, "a").empty());
  disk.reopen();
  CHECK(recovered_model(*disk.store).states.at(0).change.value->val == 9);
}

TEST_CASE("by default a year is kept") {
  auto disk = disk_storage{};
  fill(disk);
  constexpr auto year = epoch_ms{365} * 24 * 3600 * 1000;
  CHECK(retain_all(*disk.history, {}, year) == 0);
  CHECK(retain_all(*disk.history, {}, year + 1'000) == 2);
}
