#pragma once

#include "schema/engine_packet.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Reads the packets of a protocol 4 polling body from left to right:
///
///     payload_reader reader{body};
///     while (auto packet = reader.next())
///       deliver(*packet);
///     if (reader.failed())
///       close("parse error");
///
/// It stops at the first packet that cannot be decoded; those before it have been delivered by
/// then. An empty body, a trailing separator and text that is not UTF-8 are such packets.
class payload_reader {
public:
  /// `body` must live as long as this reader.
  explicit payload_reader(std::string_view body) noexcept : rest_(body) {
  }

  /// The next packet, valid until the next call; absent at the end and after a failure.
  [[nodiscard]] std::optional<engine_packet_view> next();

  /// Whether reading ended before the end of the body.
  bool failed() const noexcept {
    return failed_;
  }

private:
  std::string_view rest_;
  std::string scratch_;
  bool done_ = false;
  bool failed_ = false;
};

/// Appends one packet to a protocol 4 polling body, separated from what is there. `packet` is what
/// a WebSocket frame would carry: text with its type digit, or the raw bytes of a binary message.
void append_to_payload(std::string& body, std::string_view packet, bool binary);

/// Appends `b<base64>`, the text form of a binary message.
void append_base64_packet(std::string& out, std::string_view bytes);

} // namespace atrium
