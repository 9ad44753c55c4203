#pragma once

#include "schema/binary_assembler.hpp"
#include "schema/error.hpp"
#include "schema/msgpack.hpp"
#include "schema/payload.hpp"
#include "schema/socket_packet.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Decodes a packet of socket.io-msgpack-parser, which is one binary message with everything in it.
/// Types are 0 to 4; binary in the data becomes attachments, and `packet.attachments` counts them,
/// but the type stays what it was. Unknown keys are ignored.
///
/// `errc::malformed` for what is not such a packet. Stricter than the reference in one point:
/// events obey the same rules as in the text wire (a name first, not a reserved one).
[[nodiscard]] result<assembled_packet>
decode_socket_packet_msgpack(std::string_view bytes, const msgpack_limits& limits = {},
                             json::storage_ptr sp = {});

/// Appends a packet without binary: `data` may be null.
void encode_socket_packet_msgpack(std::string& out, socket_packet_type type, std::string_view nsp,
                                  std::optional<std::uint64_t> id, const json::value* data);

/// Appends an event with its binary inline.
void encode_event_msgpack(std::string& out, std::string_view nsp, std::optional<std::uint64_t> id,
                          const payload& x);

/// Appends an acknowledgement with its binary inline.
void encode_ack_msgpack(std::string& out, std::string_view nsp, std::uint64_t id, const payload& x);

} // namespace atrium
