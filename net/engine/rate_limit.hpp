#pragma once

#include "net/engine/heartbeat.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace atrium::net::engine {

/// How much a client may send; 0 is as much as it likes.
struct rate_options {
  std::uint64_t packets_per_second_max = 0;
  std::uint64_t bytes_per_second_max = 0;

  [[nodiscard]] bool any() const noexcept {
    return packets_per_second_max != 0 || bytes_per_second_max != 0;
  }
};

/// What one client may still send: two buckets of tokens, each as large as what a second brings.
/// The clock is asked only when one is empty, so that a client which was quiet may send two
/// seconds' worth at once. Whoever is in debt is to be paused until `wait`.
class rate_limit {
public:
  rate_limit(const rate_options& x, clock::time_point now) noexcept
    : packets_{static_cast<double>(x.packets_per_second_max)},
      bytes_{static_cast<double>(x.bytes_per_second_max)},
      filled_{now} {
  }

  /// Takes tokens, possibly more than there are. @returns whether a bucket is in debt now.
  bool take(std::size_t packets, std::size_t bytes) noexcept {
    packets_.tokens -= static_cast<double>(packets);
    bytes_.tokens -= static_cast<double>(bytes);
    return packets_.tokens < 0 || bytes_.tokens < 0;
  }

  /// Adds what came in since the last time. @returns how long until nothing is owed; 0 if so
  /// already.
  std::chrono::nanoseconds wait(clock::time_point now) noexcept {
    const std::chrono::duration<double> passed = now - filled_;
    filled_ = now;
    packets_.fill(passed.count());
    bytes_.fill(passed.count());
    const std::chrono::duration<double> left{std::max(packets_.seconds(), bytes_.seconds())};
    return std::chrono::ceil<std::chrono::nanoseconds>(left);
  }

  /// Whether packets, not bytes, are what must be waited for longest.
  [[nodiscard]] bool packets_rule() const noexcept {
    return packets_.seconds() >= bytes_.seconds();
  }

private:
  struct bucket {
    explicit bucket(double per_second) noexcept
      : rate{per_second > 0 ? per_second : std::numeric_limits<double>::infinity()},
        tokens{rate} {
    }
    void fill(double passed_seconds) noexcept {
      if (rate < std::numeric_limits<double>::infinity())
        tokens = std::min(rate, tokens + rate * passed_seconds);
    }
    /// Until it is out of debt.
    [[nodiscard]] double seconds() const noexcept {
      return tokens < 0 ? -tokens / rate : 0;
    }
    double rate;
    double tokens;
  };

  bucket packets_;
  bucket bytes_;
  clock::time_point filled_;
};

} // namespace atrium::net::engine
