#pragma once

#include "schema/error.hpp"
#include "schema/json.hpp"
#include "schema/json_text.hpp"
#include "schema/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// The Socket.IO packet types; their values are the digits of the wire.
enum class socket_packet_type : std::uint8_t {
  connect,
  disconnect,
  event,
  ack,
  connect_error,
  binary_event,
  binary_ack,
};

/// One Socket.IO packet without its attachments.
struct socket_packet {
  socket_packet_type type = socket_packet_type::event;
  std::string nsp = "/";
  std::optional<std::uint64_t> id;
  /// An array for events and acks, an object or a string for the others. It may live in an arena of
  /// the caller: move it within that arena's life, copy it to keep it.
  json::value data;
  /// Whether the packet has data at all; `data` is null without.
  bool has_data = false;
  /// How many binary messages follow; not 0 for the binary types only.
  std::uint32_t attachments = 0;
};

/// What a packet from outside may have.
struct socket_packet_limits {
  json_limits json = {};
  std::uint32_t attachments_max = 10;
};

/// Whether programs may not use `name` for an event, because Socket.IO does.
bool is_reserved_event(std::string_view name) noexcept;

/// Whether `data` is what a packet of this type may carry: the rules that both parsers share.
bool is_valid_packet_data(socket_packet_type type, const json::value& data) noexcept;

/// Decodes the text of a packet, `<type>[<n>-][<nsp>,][<ack id>][<json>]`, in one pass. The JSON
/// value is built in `sp`. A `?query` stays part of the namespace's name.
///
/// `errc::malformed` for everything that the protocol forbids: an unknown type, a namespace that is
/// not UTF-8, an id beyond 64 bits, data that does not fit the type, a binary packet without data,
/// a reserved event name. An event or ack without data is tolerated, as in the reference.
/// `errc::limit_exceeded` for too many attachments and what `parse_json` finds too large.
[[nodiscard]] result<socket_packet>
decode_socket_packet(std::string_view text, const socket_packet_limits& limits = {},
                     json::storage_ptr sp = {});

/// Appends the text of a packet. `attachments` is written for the binary types only; `data` may be
/// null.
void encode_socket_packet(std::string& out, socket_packet_type type, std::string_view nsp,
                          std::optional<std::uint64_t> id, std::size_t attachments,
                          const json::value* data);

/// Which attachments follow a packet, in order, as indices of `payload::attachments`. An attachment
/// that the arguments name twice is there twice, one that they do not name is not there.
using attachment_order = std::vector<std::size_t>;

/// Appends an event: a binary one when its arguments refer to attachments, which are numbered in
/// the order in which they appear in the text. In a binary packet, a placeholder that refers to no
/// attachment is written as null, because it would close the receiver's connection.
[[nodiscard]] attachment_order encode_event(std::string& out, std::string_view nsp,
                                            std::optional<std::uint64_t> id, const payload& x);

/// Appends an acknowledgement, as `encode_event`.
[[nodiscard]] attachment_order
encode_ack(std::string& out, std::string_view nsp, std::uint64_t id, const payload& x);

} // namespace atrium
