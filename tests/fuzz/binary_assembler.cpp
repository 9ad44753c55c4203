#include "schema/binary_assembler.hpp"

#include "schema/placeholder.hpp"
#include "tests/fuzz/check.hpp"

using namespace atrium;

namespace {

constexpr char separator = '\x1e';
constexpr std::size_t bytes_max = 64;

/// A packet that is complete can be sent on: encoded and assembled again it is the same.
void relay(const assembled_packet& x) {
  fuzz::check(x.attachments.size() == x.packet.attachments);
  const auto* args = x.packet.data.if_array();
  if (! args)
    return;
  auto owner = payload{*args, x.attachments};
  for (const auto& arg : owner.args) {
    auto index = placeholder_index(arg, owner.attachments.size());
    const auto* bytes = attachment_of(owner, arg);
    fuzz::check(index ? bytes == &owner.attachments[*index] : bytes == nullptr);
    fuzz::check(! index || attachment_of(owner, make_placeholder(*index)) == bytes);
  }
  std::string text;
  auto is_ack
    = x.packet.type == socket_packet_type::ack || x.packet.type == socket_packet_type::binary_ack;
  auto order = is_ack ? encode_ack(text, x.packet.nsp, x.packet.id.value_or(0), owner)
                      : encode_event(text, x.packet.nsp, x.packet.id, owner);
  auto limits = socket_packet_limits{};
  limits.attachments_max = static_cast<std::uint32_t>(order.size());
  auto header = decode_socket_packet(text, limits);
  fuzz::check(header.has_value() && header->attachments == order.size());
  auto receiver = binary_assembler{order.size() * bytes_max};
  auto out = receiver.add_packet(std::move(*header));
  for (auto index : order) {
    fuzz::check(out.has_value() && ! out->has_value());
    out = receiver.add_binary(x.attachments.at(index));
  }
  fuzz::check(out.has_value() && out->has_value() && ! receiver.pending());
}

} // namespace

/// The input is a polling body's worth of messages: `b...` is binary, anything else a text packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = fuzz::text_of(data, size);
  auto aut = binary_assembler{bytes_max};
  for (auto more = true; more;) {
    auto end = rest.find(separator);
    auto message = rest.substr(0, end);
    more = end != std::string_view::npos;
    rest.remove_prefix(more ? end + 1 : rest.size());
    auto arena = json::monotonic_resource{};
    auto awaited = aut.pending();
    auto binary = message.starts_with('b');
    auto packet = decode_socket_packet(message, {}, &arena);
    if (! binary && ! packet)
      return 0;
    auto out = binary ? aut.add_binary(message.substr(1)) : aut.add_packet(std::move(*packet));
    fuzz::check(binary == awaited || ! out);
    if (! out)
      return 0;
    if (*out)
      relay(**out);
  }
  return 0;
}
