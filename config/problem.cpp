#include "config/problem.hpp"

#include <algorithm>
#include <numeric>

namespace atrium::config {

namespace {

/// The number of letters to insert, delete or replace to come from `a` to `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string to_string(const problem& x) {
  auto line = x.where.source;
  if (x.where.line > 0)
    line += ":" + std::to_string(x.where.line) + ":" + std::to_string(x.where.column);
  line += ": ";
  if (! x.key.empty())
    line += x.key + ": ";
  return line + x.text;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  auto best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (auto candidate : candidates) {
    auto d = distance(word, candidate);
    if (d < best_distance && d < candidate.size()) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

} // namespace atrium::config
