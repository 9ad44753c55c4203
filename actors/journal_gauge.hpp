#pragma once

#include "actors/runtime/counter.hpp"
#include "storage/journal_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace atrium {

/// How much waits for the journal. Shared by the devices and the catalog, who enter what they
/// append, the journal, which takes it out once it has answered, and everything that produces
/// writes, which stops while the gauge is high: a connection reads no further and looks again after
/// a few milliseconds, an adapter skips a sample. Thread-safe.
class journal_gauge {
public:
  struct limits {
    std::size_t appends_max = 20'000;
    std::size_t bytes_max = 16u << 20;
  };

  journal_gauge() noexcept : journal_gauge{limits{}} {
  }

  explicit journal_gauge(limits most) noexcept : most_{most} {
  }

  /// Whether producers are to stop until it is lower.
  bool high() const noexcept {
    return appends() >= most_.appends_max || bytes() >= most_.bytes_max;
  }

  void enter(const storage::write& x) noexcept {
    appends_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(weight(x), std::memory_order_relaxed);
  }

  void leave(const storage::write& x) noexcept {
    appends_.fetch_sub(1, std::memory_order_relaxed);
    bytes_.fetch_sub(weight(x), std::memory_order_relaxed);
  }

  std::size_t appends() const noexcept {
    return appends_.load(std::memory_order_relaxed);
  }

  std::size_t bytes() const noexcept {
    return bytes_.load(std::memory_order_relaxed);
  }

  /// Whether the last commit succeeded: part of the hub's readiness.
  bool ready() const noexcept {
    return ready_.load(std::memory_order_relaxed);
  }

  void ready(bool x) noexcept {
    ready_.store(x, std::memory_order_relaxed);
  }

  /// For the metrics: writes that were committed, how long the commits took, and how many failed.
  std::uint64_t writes() const noexcept {
    return writes_.value();
  }
  const runtime::duration_histogram& commit_times() const noexcept {
    return commit_times_;
  }
  std::uint64_t failures() const noexcept {
    return failures_.value();
  }

  /// Only the journal calls these.
  void committed(std::size_t n, std::chrono::nanoseconds took) noexcept {
    writes_.add(n);
    commit_times_.add(took);
  }
  void failed() noexcept {
    failures_.add();
  }

  /// About how many bytes a write holds.
  static std::size_t weight(const storage::write& x) noexcept;

private:
  limits most_;
  std::atomic<std::size_t> appends_{0};
  std::atomic<std::size_t> bytes_{0};
  runtime::counter writes_;
  runtime::counter failures_;
  runtime::duration_histogram commit_times_;
  std::atomic<bool> ready_{true};
};

using journal_gauge_ptr = std::shared_ptr<journal_gauge>;

} // namespace atrium
