#include "actors/runtime/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace atrium::runtime {

void timer_wheel::entry::unlink() noexcept {
  if (! next_)
    return;
  prev_->next_ = next_;
  next_->prev_ = prev_;
  next_ = prev_ = nullptr;
}

void timer_wheel::entry::link_before(entry& x) noexcept {
  next_ = &x;
  prev_ = x.prev_;
  prev_->next_ = this;
  x.prev_ = this;
}

timer_wheel::list_head::list_head() noexcept {
  next_ = prev_ = this;
}

timer_wheel::timer_wheel(clock::time_point start) : start_{start} {
}

timer_wheel::~timer_wheel() {
  for (auto& slot : slots_)
    while (! empty(slot))
      slot.next_->unlink();
}

void timer_wheel::arm(entry& x, clock::time_point at) noexcept {
  x.unlink();
  auto delay = std::max(at - start_, clock::duration::zero());
  auto tick = static_cast<std::uint64_t>((delay + resolution - clock::duration{1}) / resolution);
  x.tick_ = std::max(tick, done_ + 1);
  x.link_before(slots_[x.tick_ % slots]);
  mark(x.tick_);
}

void timer_wheel::collect(std::uint64_t until, list_head& due) noexcept {
  for (auto tick = done_ + 1; tick <= until; ++tick) {
    auto& slot = slots_[tick % slots];
    for (auto* x = slot.next_; x != &slot;) {
      auto* following = x->next_;
      if (x->tick_ <= tick) {
        x->unlink();
        x->link_before(due);
      }
      x = following;
    }
  }
}

void timer_wheel::collect_all(std::uint64_t until, list_head& due) {
  std::vector<entry*> found;
  for (auto& slot : slots_)
    for (auto* x = slot.next_; x != &slot; x = x->next_)
      if (x->tick_ <= until)
        found.push_back(x);
  std::stable_sort(found.begin(), found.end(),
                   [](auto* a, auto* b) { return a->tick_ < b->tick_; });
  for (auto* x : found) {
    x->unlink();
    x->link_before(due);
  }
}

std::size_t timer_wheel::advance(clock::time_point now) {
  if (now < start_)
    return 0;
  auto until = static_cast<std::uint64_t>((now - start_) / resolution);
  if (until <= done_)
    return 0;
  list_head due;
  if (until - done_ < slots)
    collect(until, due);
  else
    collect_all(until, due);
  done_ = until;
  std::size_t fired = 0;
  for (; ! empty(due); ++fired) {
    auto* x = due.next_;
    x->unlink();
    x->fire();
  }
  return fired;
}

std::optional<clock::time_point> timer_wheel::next() const noexcept {
  // The words from the one of the next tick on; the first one once more, for the slots before that
  // tick.
  auto first = done_ + 1;
  for (std::uint64_t n = 0; n <= used_.size(); ++n) {
    auto word = (first / 64 + n) % used_.size();
    auto skip = n == 0 ? first % 64 : 0;
    for (auto bits = used_[word] >> skip << skip; bits != 0; bits &= bits - 1) {
      auto slot = word * 64 + static_cast<std::uint64_t>(std::countr_zero(bits));
      if (! empty(slots_[slot]))
        return start_ + (first + (slot + slots - first % slots) % slots) * resolution;
      used_[word] &= ~(std::uint64_t{1} << (slot % 64));
    }
  }
  return std::nullopt;
}

} // namespace atrium::runtime
