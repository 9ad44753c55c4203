// How long a restart takes, with the journal's tail as it was written and after it was folded, and
// how long a history query takes then; prints one JSON object. Usage: bench_recovery [states]
// [changes]

#include "storage/data_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace atrium;

using clock_type = std::chrono::steady_clock;

constexpr auto first_ts = epoch_ms{1'700'000'000'000};

double milliseconds_since(clock_type::time_point start) {
  return std::chrono::duration<double, std::milli>(clock_type::now() - start).count();
}

std::string id_of(std::size_t n) {
  return "demo.0.device" + std::to_string(n) + ".value";
}

void fill(const std::filesystem::path& folder, std::size_t states, std::size_t changes) {
  auto data = storage::open_data_folder({folder}).value();
  auto store = data->open_store().value();
  auto batch = std::vector<storage::write>{};
  for (auto n = std::size_t{0}; n < states; ++n)
    batch.emplace_back(storage::object_change{
      id_of(n), R"({"type":"state","common":{"name":"a value","type":"number"},"native":{}})"});
  store->commit(batch).value();
  for (auto n = std::size_t{0}; n < changes;) {
    batch.clear();
    for (auto end = std::min(n + 5'000, changes); n < end; ++n) {
      auto x = state{};
      x.val = static_cast<double>(n) * 0.25;
      x.ts = x.lc = first_ts + static_cast<epoch_ms>(n);
      x.from = "system.adapter.demo.0";
      batch.emplace_back(state_change{id_of(n % states), x});
    }
    store->commit(batch).value();
  }
}

double recovery_ms(const std::filesystem::path& folder) {
  auto start = clock_type::now();
  auto data = storage::open_data_folder({folder}).value();
  data->open_store().value()->recover().value();
  return milliseconds_since(start);
}

double fold_all_ms(const std::filesystem::path& folder) {
  auto start = clock_type::now();
  auto data = storage::open_data_folder({folder}).value();
  auto history = data->open_history_folder().value();
  while (history->fold().value().rows_left > 0) {
  }
  return milliseconds_since(start);
}

// Reads all of one state's past.
double query_ms(const std::filesystem::path& folder) {
  auto data = storage::open_data_folder({folder}).value();
  auto reader = data->open_reader().value();
  auto id = id_of(0);
  auto range = storage::history_range{};
  range.id = id;
  auto start = clock_type::now();
  reader->read(range, [](storage::history_row&) { return true; }).value();
  return milliseconds_since(start);
}

} // namespace

int main(int argc, char** argv) {
  auto states = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000UL;
  auto changes = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000'000UL;
  auto folder = std::filesystem::temp_directory_path()
                / ("atrium-bench-recovery-" + std::to_string(::getpid()));
  fill(folder, states, changes);
  auto unfolded = recovery_ms(folder);
  auto query_tail = query_ms(folder);
  auto folding = fold_all_ms(folder);
  auto folded = recovery_ms(folder);
  auto query_folded = query_ms(folder);
  std::filesystem::remove_all(folder);
  std::printf("{\"states\":%lu,\"changes\":%lu,\"recovery_unfolded_ms\":%.1f,"
              "\"recovery_folded_ms\":%.1f,\"fold_all_ms\":%.1f,\"query_unfolded_ms\":%.2f,"
              "\"query_folded_ms\":%.2f}\n",
              states, changes, unfolded, folded, folding, query_tail, query_folded);
}
