#include "schema/frame_codec.hpp"

#include "schema/engine_packet.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <utility>

namespace atrium {

namespace {

/// Room for the longest WebSocket header of an unmasked frame. The header is known last, so the
/// packet is encoded behind it in the same allocation.
constexpr std::size_t header_room = 10;

/// What a packet takes besides its arguments, roughly.
constexpr std::size_t envelope_bytes = 48;

/// How many bytes the arguments will take, roughly: exact for plain text at the top level.
std::size_t estimated_bytes(const json::array& args) noexcept {
  constexpr std::size_t scalar_bytes = 8;
  constexpr std::size_t container_bytes = 64;
  std::size_t total = 0;
  for (const auto& arg : args) {
    if (const auto* text = arg.if_string())
      total += text->size() + 3;
    else
      total += arg.is_structured() ? container_bytes : scalar_bytes;
  }
  return total;
}

std::string start_packet(packet_wire wire, std::size_t estimate) {
  std::string out;
  out.reserve(header_room + envelope_bytes + estimate);
  out.append(header_room, '\0');
  if (wire == packet_wire::json)
    out.push_back(to_digit(engine_packet_type::message));
  return out;
}

frame_part finish_packet(std::string bytes, packet_wire wire) {
  frame_part part;
  part.binary = wire == packet_wire::msgpack;
  auto header = websocket_header(part.binary, bytes.size() - header_room);
  bytes.replace(0, header_room, header);
  part.header_bytes = static_cast<std::uint8_t>(header.size());
  part.bytes = std::move(bytes);
  return part;
}

frame_ptr make_frame(std::string bytes, const attachment_order& order,
                     const std::vector<std::string>& attachments, const frame_options& options) {
  auto out = std::make_shared<frame>();
  out->head = finish_packet(std::move(bytes), options.wire);
  out->attachments.reserve(order.size());
  for (auto index : order)
    out->attachments.push_back(make_frame_part(attachments[index], true));
  out->is_volatile = options.is_volatile;
  out->compress = options.compress;
  return out;
}

} // namespace

frame_ptr make_event_frame(std::string_view nsp, std::optional<std::uint64_t> id, const payload& x,
                           const frame_options& options) {
  auto bytes = start_packet(options.wire, nsp.size() + estimated_bytes(x.args));
  attachment_order order;
  if (options.wire == packet_wire::json)
    order = encode_event(bytes, nsp, id, x);
  else
    encode_event_msgpack(bytes, nsp, id, x);
  return make_frame(std::move(bytes), order, x.attachments, options);
}

frame_ptr make_ack_frame(std::string_view nsp, std::uint64_t id, const payload& x,
                         const frame_options& options) {
  auto bytes = start_packet(options.wire, nsp.size() + estimated_bytes(x.args));
  attachment_order order;
  if (options.wire == packet_wire::json)
    order = encode_ack(bytes, nsp, id, x);
  else
    encode_ack_msgpack(bytes, nsp, id, x);
  return make_frame(std::move(bytes), order, x.attachments, options);
}

frame_ptr make_packet_frame(socket_packet_type type, std::string_view nsp, const json::value* data,
                            const frame_options& options) {
  auto bytes = start_packet(options.wire, nsp.size());
  if (options.wire == packet_wire::json)
    encode_socket_packet(bytes, type, nsp, std::nullopt, 0, data);
  else
    encode_socket_packet_msgpack(bytes, type, nsp, std::nullopt, data);
  return make_frame(std::move(bytes), {}, {}, options);
}

} // namespace atrium
