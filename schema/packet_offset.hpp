#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Names one event of a namespace, over all runs of its server. It travels as the last argument of
/// the event, and a client that comes back says which one it got last.
struct packet_offset {
  /// Which run of the server; later runs have larger numbers.
  std::uint64_t run = 0;
  /// Which event of the run, from 1 on; 0: the event has no offset.
  std::uint64_t number = 0;

  friend bool operator==(const packet_offset&, const packet_offset&) = default;
};

/// As the wire has it: letters, digits and a dot.
std::string to_string(const packet_offset& x);

/// Reads what `to_string` wrote; nothing for any other text.
std::optional<packet_offset> parse_packet_offset(std::string_view text) noexcept;

/// Gives away the offsets of one run, each once. Thread-safe.
class packet_offsets {
public:
  explicit packet_offsets(std::uint64_t run) noexcept : run_{run} {
  }

  packet_offset next() noexcept {
    return {run_, 1 + given_.fetch_add(1, std::memory_order_relaxed)};
  }

private:
  const std::uint64_t run_;
  std::atomic<std::uint64_t> given_{0};
};

} // namespace atrium
