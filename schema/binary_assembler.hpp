#pragma once

#include "schema/error.hpp"
#include "schema/socket_packet.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// A Socket.IO packet with all that belongs to it.
struct assembled_packet {
  socket_packet packet;
  std::vector<std::string> attachments;
};

/// Joins the header of a binary packet with the binary messages that must follow it. One for each
/// session, because nothing may come between them. After an error the session must be closed.
class binary_assembler {
public:
  /// What the attachments of one packet may have together by default.
  static constexpr std::size_t default_bytes_max = 16'000'000;

  explicit binary_assembler(std::size_t bytes_max = default_bytes_max) noexcept
    : bytes_max_(bytes_max) {
  }

  /// Takes a text packet. It comes back at once when it has no attachments; otherwise it waits for
  /// them, and its data is copied out of the caller's arena. `errc::malformed` while another waits.
  [[nodiscard]] result<std::optional<assembled_packet>> add_packet(socket_packet packet);

  /// Takes a binary message; the packet comes back with its last one. `errc::malformed` when none
  /// is awaited, or when a placeholder of the complete packet refers to no attachment;
  /// `errc::limit_exceeded` when the attachments are too large together.
  [[nodiscard]] result<std::optional<assembled_packet>> add_binary(std::string_view bytes);

  /// Whether a packet waits for its attachments.
  bool pending() const noexcept {
    return pending_.has_value();
  }

private:
  std::optional<assembled_packet> pending_;
  std::size_t bytes_ = 0;
  std::size_t bytes_max_;
};

} // namespace atrium
