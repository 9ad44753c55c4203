#pragma once

#include "storage/journal_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace atrium::test {

/// What a test wants a store to suffer from. Shared by the test and the store; thread-safe.
class faults {
public:
  /// Every commit fails like this, without reaching the store, until `heal`.
  void fail(errc code) {
    auto lock = std::scoped_lock{mutex_};
    failing_ = code;
  }

  /// The next commit only fails like this.
  void fail_once(errc code) {
    auto lock = std::scoped_lock{mutex_};
    failing_once_ = code;
  }

  /// Commits work again.
  void heal() {
    auto lock = std::scoped_lock{mutex_};
    failing_.reset();
    failing_once_.reset();
  }

  /// Commits block until `release`.
  void stall() {
    auto lock = std::scoped_lock{mutex_};
    stalled_ = true;
  }

  /// Lets blocked commits go on.
  void release() {
    {
      auto lock = std::scoped_lock{mutex_};
      stalled_ = false;
    }
    changed_.notify_all();
  }

  /// Blocks the test until a commit waits in a stall.
  void wait_until_stalled() {
    auto lock = std::unique_lock{mutex_};
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

  /// Commits that were asked for, failed ones included.
  std::size_t commits() const {
    auto lock = std::scoped_lock{mutex_};
    return commits_;
  }

private:
  friend class faulty_store;

  std::optional<errc> enter() {
    auto lock = std::unique_lock{mutex_};
    ++commits_;
    ++waiting_;
    if (stalled_)
      changed_.notify_all();
    changed_.wait(lock, [this] { return ! stalled_; });
    --waiting_;
    if (auto once = std::exchange(failing_once_, std::nullopt))
      return once;
    return failing_;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stalled_ = false;
  std::size_t waiting_ = 0;
  std::size_t commits_ = 0;
  std::optional<errc> failing_;
  std::optional<errc> failing_once_;
};

/// A store that does what its `faults` say, and otherwise what the store inside it does.
class faulty_store final : public storage::journal_store {
public:
  faulty_store(storage::journal_store_ptr inner, std::shared_ptr<faults> control)
    : inner_{std::move(inner)},
      control_{std::move(control)} {
  }

  storage::outcome<storage::recovered> recover() override {
    return inner_->recover();
  }

  storage::outcome<std::vector<journaled_change>> states_below(std::string_view device) override {
    return inner_->states_below(device);
  }

  storage::outcome<storage::sequence_range>
  commit(std::span<const storage::write> writes) override {
    if (auto code = control_->enter())
      return storage::failure{*code, "a test wanted this"};
    return inner_->commit(writes);
  }

private:
  storage::journal_store_ptr inner_;
  std::shared_ptr<faults> control_;
};

} // namespace atrium::test
