#pragma once

#include "actors/lane_types.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace atrium {

/// What became of clients that came back, since the start; shared by all lanes of a server.
/// Thread-safe.
struct recovery_counts {
  std::atomic<std::uint64_t> recovered{0};
  /// By `recovery_refusal`.
  std::array<std::atomic<std::uint64_t>, recovery_refusals> refused{};
  /// Packets that those who were recovered had missed.
  std::atomic<std::uint64_t> replayed{0};
};

} // namespace atrium
