#pragma once

#include "storage/recovery_store.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace atrium {

/// What bounds a `packet_log`.
struct packet_log_limits {
  /// Older packets are dropped: nobody can come back who has not got them.
  std::chrono::milliseconds age_max{165'000};
  std::size_t packets_max = 100'000;
  /// The frames with what stands beside them.
  std::size_t bytes_max = 33'554'432;
};

/// The last packets of one namespace, in the order in which they were sent. Pure: time comes in by
/// its calls. Not thread-safe.
class packet_log {
public:
  using position = std::uint64_t;

  /// Goes on where `marks` and `packets` ended, with offsets of `run` from now on.
  packet_log(packet_log_limits limits, storage::log_marks marks,
             std::vector<storage::logged_packet_ptr> packets, std::uint64_t run);

  /// The position of the oldest packet, or of the next if there is none.
  position first() const noexcept {
    return marks_.next - packets_.size();
  }
  /// The position of the next packet.
  position next() const noexcept {
    return marks_.next;
  }

  /// Adds a packet, whose position it sets, and drops what is beyond the limits.
  const storage::logged_packet_ptr& append(storage::logged_packet x);

  /// Drops what has become too old.
  void expire(epoch_ms now);

  /// Drops the oldest packet for want of room. @returns whether there was one.
  bool drop_oldest();

  /// Where a client goes on that got `last` as its last packet with an offset, or none since the
  /// position `since`: nothing when packets that it may have missed are gone, or it never got that
  /// one. `sure` is a time before which it got everything that was sent to it.
  std::optional<position>
  resume(const std::optional<packet_offset>& last, position since, epoch_ms sure) const;

  /// A packet between `first` and `next`.
  const storage::logged_packet& at(position i) const {
    return *packets_[i - first()].what;
  }

  std::size_t bytes() const noexcept {
    return bytes_;
  }
  storage::log_marks& marks() noexcept {
    return marks_;
  }

  /// What a packet counts as against `bytes_max`.
  static std::size_t bytes_of(const storage::logged_packet& x) noexcept;

private:
  struct entry {
    packet_offset offset; // beside the pointer, for searches
    storage::logged_packet_ptr what;
  };

  void drop_front();
  storage::run_mark* run_of(std::uint64_t run) noexcept;

  packet_log_limits limits_;
  storage::log_marks marks_;
  std::deque<entry> packets_;
  std::size_t bytes_ = 0;
};

} // namespace atrium
