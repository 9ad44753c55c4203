#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace atrium;
using namespace atrium::test;

namespace {

// Commits value n of state "a" as sequence n, tells `out` of each, and folds now and then, until
// killed.
[[noreturn]] void commit_until_killed(const std::filesystem::path& path, int out) {
  auto folder = storage::open_data_folder({path}).value();
  auto store = folder->open_store().value();
  auto history = folder->open_history_folder().value();
  for (auto n = store->recover().value().last + 1;; ++n) {
    auto last = commit(*store, {put("a", 7, static_cast<std::int64_t>(n))}).last;
    if (::write(out, &last, sizeof last) != sizeof last)
      ::_exit(1);
    if (n % 50 == 0)
      history->fold(30).value();
  }
}

// Lets a process commit and kills it after some acknowledgements. Returns the last one.
sequence run_and_kill(const std::filesystem::path& path, int acks) {
  auto ends = std::array<int, 2>{};
  REQUIRE(::pipe(ends.data()) == 0);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0)
    commit_until_killed(path, ends[1]);
  ::close(ends[1]);
  auto last = sequence{0};
  for (auto n = 0; n < acks; ++n)
    REQUIRE(::read(ends[0], &last, sizeof last) == sizeof last);
  ::kill(child, SIGKILL);
  // What was acknowledged before the signal arrived counts too.
  while (::read(ends[0], &last, sizeof last) == sizeof last) {
  }
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  return last;
}

} // namespace

TEST_CASE("promise 1: an acknowledged commit survives kill -9, over and over") {
  auto files = temp_folder{};
  for (auto round = 0; round < 10; ++round) {
    auto acknowledged = run_and_kill(files.path(), 60 + 37 * round);
    auto folder = storage::open_data_folder({files.path()}).value();
    auto found = recovered_model(*folder->open_store().value());
    CHECK(found.last >= acknowledged);
    REQUIRE(found.states.size() == 1);
    CHECK(found.states[0].change.value->val == static_cast<std::int64_t>(found.last));
    auto rows = read_all(*folder->open_reader().value(), "a");
    REQUIRE(rows.size() == found.last);
    for (auto n = std::size_t{0}; n < rows.size(); ++n)
      if (rows[n].seq != n + 1 || rows[n].value.val != static_cast<std::int64_t>(n + 1))
        FAIL("row " << n << " has sequence " << rows[n].seq);
  }
}
