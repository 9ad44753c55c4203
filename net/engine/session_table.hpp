#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::net::engine {

class live_session;

/// Knows the worker of each session id of an endpoint. Thread-safe; but a session itself is given,
/// used and released on its own worker only.
class session_table {
public:
  explicit session_table(std::size_t workers) : counts_(workers) {
  }

  struct place {
    /// Absent if there is no such session.
    std::optional<unsigned> worker;
    /// Set only if `worker` is the one that asks; lives until it gives up control.
    live_session* session = nullptr;
  };

  /// Where `sid` lives, asked by worker `asking`.
  [[nodiscard]] place find(std::string_view sid, unsigned asking) const;

  /// @param sid stands in the session. @returns false if it is in use.
  bool insert(std::string_view sid, unsigned worker, std::shared_ptr<live_session> session);

  /// Gives the session back to who forgets it.
  std::shared_ptr<live_session> erase(std::string_view sid);

  /// All sessions of `worker`; called there.
  [[nodiscard]] std::vector<std::shared_ptr<live_session>> sessions_of(unsigned worker) const;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t size_of(unsigned worker) const noexcept {
    return counts_[worker].load(std::memory_order_relaxed);
  }

  /// Where a session that shows up on `here` should be opened: there, unless another worker has
  /// clearly fewer.
  [[nodiscard]] unsigned best_for(unsigned here) const noexcept;

private:
  struct entry {
    unsigned worker;
    std::shared_ptr<live_session> session;
  };
  struct slice {
    mutable std::mutex mutex;
    std::unordered_map<std::string_view, entry> sessions; // guarded by mutex
  };
  slice& slice_of(std::string_view sid) const noexcept {
    return slices_[std::hash<std::string_view>{}(sid) % slices_.size()];
  }

  mutable std::array<slice, 16> slices_;
  std::vector<std::atomic<std::size_t>> counts_;
};

} // namespace atrium::net::engine
