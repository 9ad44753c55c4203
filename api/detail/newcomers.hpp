#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <map>
#include <mutex>

namespace atrium::api::detail {

/// How many sessions of each address have joined nothing yet. Thread-safe.
class newcomers {
public:
  /// Counts one more, unless there are `most` already. @returns whether it was counted.
  bool enter(const boost::asio::ip::address& from, std::size_t most) {
    std::lock_guard guard{mutex_};
    auto& count = counts_[from];
    if (count >= most)
      return false;
    ++count;
    return true;
  }

  void leave(const boost::asio::ip::address& from) {
    std::lock_guard guard{mutex_};
    auto i = counts_.find(from);
    if (i != counts_.end() && --i->second == 0)
      counts_.erase(i);
  }

private:
  std::mutex mutex_;
  std::map<boost::asio::ip::address, std::size_t> counts_; // guarded by mutex_
};

} // namespace atrium::api::detail
