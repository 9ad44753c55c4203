#pragma once

#include "bench/support/json_line.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <vector>

namespace bench {

/// Makes the compiler believe that `x` is used.
template <class T>
void keep(const T& x) {
  asm volatile("" : : "r"(&x) : "memory");
}

/// Prints `{"case":…,"bytes":…,"ns_per_op":…,"mb_per_s":…}` for `work`, which handles `bytes` bytes
/// each time: the median of seven turns of at least 50 ms.
template <class Work>
void measure(std::string_view name, std::size_t bytes, Work&& work) {
  using namespace std::chrono;
  constexpr auto turns = 7;
  constexpr auto turn = milliseconds{50};
  constexpr auto repeats_between_looks = 64;
  std::vector<double> results;
  for (auto n = 0; n < turns; ++n) {
    auto repeats = 0.0;
    auto start = steady_clock::now();
    auto spent = steady_clock::duration{};
    do {
      for (auto i = 0; i < repeats_between_looks; ++i)
        work();
      repeats += repeats_between_looks;
      spent = steady_clock::now() - start;
    } while (spent < turn);
    results.push_back(duration<double, std::nano>(spent).count() / repeats);
  }
  std::sort(results.begin(), results.end());
  auto ns = results[turns / 2];
  print_line({{"case", name},
              {"bytes", bytes},
              {"ns_per_op", rounded(ns, 1)},
              {"mb_per_s", rounded(static_cast<double>(bytes) / ns * 1e3, 1)}});
}

} // namespace bench
