#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace atrium::runtime {

/// A number that grows. One thread changes it, with plain loads and stores and no locked
/// instruction; any thread may read it, and sees each change a little later.
class counter {
public:
  void add(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down; threads as for `counter`.
class level {
public:
  void add(std::int64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void sub(std::int64_t n = 1) noexcept {
    add(-n);
  }

  [[nodiscard]] std::int64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::int64_t> value_{0};
};

/// How long something took, over and over; threads as for `counter`.
class duration_histogram {
public:
  /// The upper ends of the buckets; what took longer is in one more behind them.
  static constexpr std::array<std::chrono::microseconds, 12> bounds{
    std::chrono::microseconds{100},     std::chrono::microseconds{250},
    std::chrono::microseconds{500},     std::chrono::microseconds{1'000},
    std::chrono::microseconds{2'500},   std::chrono::microseconds{5'000},
    std::chrono::microseconds{10'000},  std::chrono::microseconds{25'000},
    std::chrono::microseconds{50'000},  std::chrono::microseconds{100'000},
    std::chrono::microseconds{250'000}, std::chrono::microseconds{1'000'000}};

  void add(std::chrono::nanoseconds took) noexcept {
    std::size_t i = 0;
    while (i < bounds.size() && took > bounds[i])
      ++i;
    buckets_[i].add();
    sum_ns_.add(static_cast<std::uint64_t>(took.count()));
  }

  /// How many fell into bucket `i`, those before it not counted.
  [[nodiscard]] std::uint64_t in(std::size_t i) const noexcept {
    return buckets_[i].value();
  }

  [[nodiscard]] std::chrono::nanoseconds sum() const noexcept {
    return std::chrono::nanoseconds{sum_ns_.value()};
  }

private:
  std::array<counter, bounds.size() + 1> buckets_;
  counter sum_ns_;
};

} // namespace atrium::runtime
