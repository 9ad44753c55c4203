#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

using namespace atrium;
using namespace atrium::test;

TEST_CASE("a million journal rows that were not folded are recovered") {
  auto disk = disk_storage{};
  auto batch = std::vector<storage::write>{};
  for (auto n = 0; n < 1'000'000;) {
    batch.clear();
    for (auto end = n + 10'000; n < end; ++n)
      batch.push_back(put(numbered("demo.0.device", n % 10'000), n, n));
    commit(*disk.store, batch);
  }
  disk.close();
  auto start = std::chrono::steady_clock::now();
  disk.folder = storage::open_data_folder({disk.files.path()}).value();
  disk.store = disk.folder->open_store().value();
  auto found = disk.store->recover().value();
  auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::steady_clock::now() - start);
  std::cout << "recovery of 10000 states from 1000000 journal rows: " << spent.count() << " ms\n";
  CHECK(found.last == 1'000'000);
  REQUIRE(found.states.size() == 10'000);
  for (auto& x : found.states)
    if (x.seq <= 990'000)
      FAIL("an old value of " << x.change.id);
}
