#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// One Engine.IO message as bytes that every receiver of a wire shares: `bytes` starts with the
/// WebSocket header (a server's frames are not masked), and `bytes.substr(header)` is what the
/// frame carries: for text the Engine.IO type digit and the text, for binary the raw bytes.
struct frame_part {
  std::string bytes;
  std::uint8_t header_bytes = 0;
  bool binary = false;

  /// The payload of the WebSocket frame; valid while this part lives.
  std::string_view payload() const noexcept {
    return std::string_view{bytes}.substr(header_bytes);
  }
};

/// One encoded Socket.IO packet: its text part, then its attachments. Immutable once shared.
struct frame {
  /// The first part, nearly always the only one.
  frame_part head;
  /// Attachments in order; they follow the head with nothing in between.
  std::vector<frame_part> attachments;
  /// Whether it may be dropped when the client cannot take it now.
  bool is_volatile = false;
  /// Whether HTTP compression may be used for it.
  bool compress = true;
};

using frame_ptr = std::shared_ptr<const frame>;

/// The WebSocket header (RFC 6455 section 5.2) of an unmasked final frame of `payload_bytes`.
std::string websocket_header(bool binary, std::size_t payload_bytes);

/// Wraps one Engine.IO text packet (its digit included) or one binary message.
frame_part make_frame_part(std::string_view payload, bool binary);

} // namespace atrium
