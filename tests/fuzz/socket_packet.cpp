#include "schema/socket_packet.hpp"

#include "schema/utf8.hpp"
#include "tests/fuzz/check.hpp"

using namespace atrium;

namespace {

std::string written(const socket_packet& x) {
  std::string out;
  encode_socket_packet(out, x.type, x.nsp, x.id, x.attachments, x.has_data ? &x.data : nullptr);
  return out;
}

} // namespace

/// A packet that was decoded obeys the rules, and comes back from its own text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto arena = json::monotonic_resource{};
  auto packet = decode_socket_packet(fuzz::text_of(data, size), {}, &arena);
  if (! packet)
    return 0;
  fuzz::check(is_valid_utf8(packet->nsp) && packet->nsp.starts_with('/'));
  fuzz::check(packet->attachments <= socket_packet_limits{}.attachments_max);
  fuzz::check(packet->has_data ? is_valid_packet_data(packet->type, packet->data)
                               : packet->data.is_null());
  auto text = written(*packet);
  auto again = decode_socket_packet(text);
  fuzz::check(again.has_value() && written(*again) == text);
  fuzz::check(again->type == packet->type && again->nsp == packet->nsp && again->id == packet->id);
  if (packet->type == socket_packet_type::event && packet->has_data) {
    std::string event;
    auto order = encode_event(event, packet->nsp, packet->id, {packet->data.get_array(), {}});
    fuzz::check(order.empty() && event == text);
  }
  return 0;
}
