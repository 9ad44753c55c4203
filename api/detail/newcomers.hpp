#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace atrium::api::detail {

/// How many sessions have joined nothing yet, in all and of each address. Thread-safe.
class newcomers {
public:
  enum class verdict : std::uint8_t { welcome, address_full, full };

  /// Counts one more, unless there are `most_of_address` of its address, or `most` in all.
  verdict
  enter(const boost::asio::ip::address& from, std::size_t most_of_address, std::size_t most) {
    std::lock_guard guard{mutex_};
    if (all_ >= most)
      return verdict::full;
    auto i = counts_.try_emplace(from).first;
    if (i->second >= most_of_address)
      return verdict::address_full;
    ++i->second;
    ++all_;
    return verdict::welcome;
  }

  void leave(const boost::asio::ip::address& from) {
    std::lock_guard guard{mutex_};
    auto i = counts_.find(from);
    if (i == counts_.end())
      return;
    --all_;
    if (--i->second == 0)
      counts_.erase(i);
  }

private:
  std::mutex mutex_;
  std::map<boost::asio::ip::address, std::size_t> counts_; // guarded by mutex_
  std::size_t all_ = 0;                                    // likewise
};

} // namespace atrium::api::detail
