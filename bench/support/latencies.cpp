#include "bench/support/latencies.hpp"

#include <algorithm>
#include <chrono>

namespace bench {

double now_us() {
  using namespace std::chrono;
  return duration<double, std::micro>(steady_clock::now().time_since_epoch()).count();
}

double latencies::percentile(double p) {
  if (values_.empty())
    return 0;
  auto rank = std::min(values_.size() - 1,
                       static_cast<std::size_t>(p * static_cast<double>(values_.size())));
  auto at = values_.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values_.begin(), at, values_.end());
  return *at;
}

} // namespace bench
