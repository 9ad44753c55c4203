#pragma once

#include <cstddef>
#include <vector>

namespace bench {

/// Now, in microseconds of the monotonic clock.
double now_us();

/// Many durations in microseconds, and their percentiles.
class latencies {
public:
  void add(double us) {
    values_.push_back(static_cast<float>(us));
  }

  /// The value that the share `p` of all values stays below; 0 when there are none. Reorders the
  /// values.
  double percentile(double p);

private:
  std::vector<float> values_;
};

} // namespace bench
