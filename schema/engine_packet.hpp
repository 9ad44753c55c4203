#pragma once

#include "schema/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium {

/// The Engine.IO packet types; their values are the digits of the wire.
enum class engine_packet_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

/// One Engine.IO packet whose content belongs to somebody else.
struct engine_packet_view {
  engine_packet_type type = engine_packet_type::message;
  /// Only messages are ever binary.
  bool binary = false;
  /// What follows the type.
  std::string_view data;

  friend bool operator==(const engine_packet_view&, const engine_packet_view&) = default;
};

/// The digit that stands for `x` on the wire.
constexpr char to_digit(engine_packet_type x) noexcept {
  return static_cast<char>('0' + static_cast<int>(x));
}

/// Decodes one text packet of protocol 4: `<digit><text>`, or `b<base64>` for a binary message.
/// The view refers to `text`, or to `scratch` for a binary one. `errc::malformed` when it is empty,
/// starts with something else, or its base64 is wrong. Does not check that the text is UTF-8; who
/// reads from a transport that does not check it either must (`payload_reader` does).
[[nodiscard]] result<engine_packet_view>
decode_engine_packet(std::string_view text, std::string& scratch);

/// Appends `<digit><text>`.
void append_engine_packet(std::string& out, engine_packet_type type, std::string_view text);

} // namespace atrium
