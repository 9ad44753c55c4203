// Appends to the journal, 500 changes a commit, over few and over many states; prints one JSON
// object. Usage: bench_journal_append [changes]

#include "storage/data_folder.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace atrium;

constexpr auto changes_per_commit = std::size_t{500};

std::vector<storage::write> make_batch(std::size_t states, std::size_t first) {
  auto batch = std::vector<storage::write>{};
  for (auto n = first; n < first + changes_per_commit; ++n) {
    auto x = state{};
    x.val = static_cast<double>(n) * 0.25;
    x.ack = true;
    x.ts = x.lc = 1'700'000'000'000 + static_cast<epoch_ms>(n);
    x.from = "system.adapter.demo.0";
    x.user = "system.user.admin";
    batch.emplace_back(state_change{"demo.0.device" + std::to_string(n % states) + ".value", x});
  }
  return batch;
}

// Changes a second, without the time that it takes to make them up.
double
appends_per_second(const std::filesystem::path& folder, std::size_t states, std::size_t changes) {
  auto data = storage::open_data_folder({folder}).value();
  auto store = data->open_store().value();
  auto spent = std::chrono::steady_clock::duration{};
  for (auto n = std::size_t{0}; n < changes; n += changes_per_commit) {
    auto batch = make_batch(states, n);
    auto start = std::chrono::steady_clock::now();
    store->commit(batch).value();
    spent += std::chrono::steady_clock::now() - start;
  }
  return static_cast<double>(changes) / std::chrono::duration<double>(spent).count();
}

} // namespace

int main(int argc, char** argv) {
  auto changes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000UL;
  auto folder = std::filesystem::temp_directory_path()
                / ("atrium-bench-append-" + std::to_string(::getpid()));
  auto few = appends_per_second(folder / "few", 100, changes);
  auto many = appends_per_second(folder / "many", 2000, changes);
  std::filesystem::remove_all(folder);
  std::printf("{\"changes\":%lu,\"changes_per_commit\":%zu,\"appends_per_second_100_states\":%.0f,"
              "\"appends_per_second_2000_states\":%.0f}\n",
              changes, changes_per_commit, few, many);
}
