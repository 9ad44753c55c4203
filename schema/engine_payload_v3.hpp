#pragma once

#include "schema/engine_packet.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Decodes one text packet of protocol 3: `<digit><text>`, or `b4<base64>` for a binary message. As
/// `decode_engine_packet` otherwise.
[[nodiscard]] result<engine_packet_view>
decode_engine_packet_v3(std::string_view text, std::string& scratch);

/// Decodes one binary packet of protocol 3: a type byte (04) and the raw bytes, as in a WebSocket
/// frame. Only messages are binary.
[[nodiscard]] result<engine_packet_view> decode_engine_binary_v3(std::string_view bytes);

/// Reads the packets of a protocol 3 polling body from left to right, as `payload_reader` does for
/// protocol 4. A packet without content (`0:`) is skipped, as in the reference.
class payload_reader_v3 {
public:
  /// `binary` tells the form of the body: the framed bytes of an application/octet-stream, or text.
  /// `body` must live as long as this reader.
  payload_reader_v3(std::string_view body, bool binary) noexcept;

  /// The next packet, valid until the next call; absent at the end and after a failure.
  [[nodiscard]] std::optional<engine_packet_view> next();

  /// Whether reading ended before the end of the body.
  bool failed() const noexcept {
    return failed_;
  }

private:
  /// Takes the next packet's content, and whether it is binary, off `rest_`.
  struct item {
    std::string_view content;
    bool binary = false;
  };

  std::optional<item> take_text();
  std::optional<item> take_framed();

  std::string_view rest_;
  std::string scratch_;
  bool framed_;
  bool failed_ = false;
};

/// Appends one packet to a protocol 3 polling body in text form: `<length>:<packet>`, the length in
/// UTF-16 code units; a binary message becomes `b4<base64>`. `packet` is text with its type digit,
/// or the raw bytes of a binary message without a type byte.
void append_to_payload_v3(std::string& body, std::string_view packet, bool binary);

/// Appends one packet to a protocol 3 polling body in binary form, which is used when the client
/// can take it and at least one packet of the body is binary.
void append_to_binary_payload_v3(std::string& body, std::string_view packet, bool binary);

} // namespace atrium
