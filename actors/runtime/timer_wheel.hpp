#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace atrium::runtime {

using clock = std::chrono::steady_clock;

/// Very many coarse timers for one thread: arming and cancelling cost a few instructions and no
/// allocation. A timer fires at the first multiple of `resolution` that is not before its time,
/// never early, and timers of one multiple fire in the order in which they were armed. Time comes
/// in by `advance`, so tests own the clock. Not thread-safe.
class timer_wheel {
public:
  static constexpr std::chrono::milliseconds resolution{4};

  /// One timer. Embed it in what it belongs to; its destructor disarms it. Neither copied nor
  /// moved.
  class entry {
  public:
    entry() = default;
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

    bool armed() const noexcept {
      return next_ != nullptr;
    }

  protected:
    ~entry() {
      unlink();
    }

  private:
    friend class timer_wheel;
    /// Called by `advance`, with the entry disarmed; may arm it again, or destroy it.
    virtual void fire() = 0;
    void unlink() noexcept;
    void link_before(entry& x) noexcept;

    entry* next_ = nullptr;
    entry* prev_ = nullptr;
    std::uint64_t tick_ = 0;
  };

  explicit timer_wheel(clock::time_point start);
  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;
  /// Disarms what is still armed.
  ~timer_wheel();

  /// Arms `x`, anew if it is armed already.
  void arm(entry& x, clock::time_point at) noexcept;

  /// Disarms `x`; does nothing if it is not armed.
  void cancel(entry& x) noexcept {
    x.unlink();
  }

  /// Fires all that is due at `now`, in order of time. @returns how many fired.
  std::size_t advance(clock::time_point now);

  /// When `advance` may have something to fire, never too late but possibly too early: the first
  /// multiple whose slot is in use. Absent when no timer is armed.
  std::optional<clock::time_point> next() const noexcept;

private:
  struct list_head final : entry {
    list_head() noexcept;
    void fire() override {
    }
  };
  static constexpr std::size_t slots = 1024;
  static bool empty(const list_head& x) noexcept {
    return x.next_ == &x;
  }
  void mark(std::uint64_t tick) noexcept {
    used_[tick % slots / 64] |= std::uint64_t{1} << (tick % 64);
  }
  void collect(std::uint64_t until, list_head& due) noexcept;
  void collect_all(std::uint64_t until, list_head& due);

  clock::time_point start_;
  std::uint64_t done_ = 0; // all ticks up to this one have fired
  std::array<list_head, slots> slots_;
  /// A bit for each slot that may have an entry; cleared when `next` finds the slot empty.
  mutable std::array<std::uint64_t, slots / 64> used_{};
};

} // namespace atrium::runtime
