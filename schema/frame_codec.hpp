#pragma once

#include "schema/frame.hpp"
#include "schema/json.hpp"
#include "schema/payload.hpp"
#include "schema/socket_packet.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace atrium {

/// Which bytes a frame holds: those of the default parser, or of socket.io-msgpack-parser.
enum class packet_wire : std::uint8_t { json, msgpack };

/// How a frame may be treated on its way.
struct frame_options {
  packet_wire wire = packet_wire::json;
  bool is_volatile = false;
  bool compress = true;
};

/// Encodes an event into a frame that all its receivers can share: the Engine.IO message with its
/// WebSocket header, then the attachments in the order of their numbers.
[[nodiscard]] frame_ptr make_event_frame(std::string_view nsp, std::optional<std::uint64_t> id,
                                         const payload& x, const frame_options& options = {});

/// Encodes an acknowledgement, as `make_event_frame`.
[[nodiscard]] frame_ptr make_ack_frame(std::string_view nsp, std::uint64_t id, const payload& x,
                                       const frame_options& options = {});

/// Encodes a packet of another type: CONNECT, DISCONNECT, CONNECT_ERROR. `data` may be null.
[[nodiscard]] frame_ptr
make_packet_frame(socket_packet_type type, std::string_view nsp, const json::value* data,
                  const frame_options& options = {});

} // namespace atrium
