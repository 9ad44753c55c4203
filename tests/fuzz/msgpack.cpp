#include "schema/msgpack.hpp"

#include "schema/socket_packet_msgpack.hpp"
#include "schema/utf8.hpp"
#include "tests/fuzz/check.hpp"

using namespace atrium;

namespace {

/// What was written reads as the same bytes again.
void round_trip(std::string_view bytes) {
  std::vector<std::string> attachments;
  auto arena = json::monotonic_resource{};
  auto value = decode_msgpack(bytes, attachments, {}, &arena);
  if (! value) {
    fuzz::check(value.error() == errc::malformed || value.error() == errc::limit_exceeded);
    return;
  }
  fuzz::check(attachments.size() <= msgpack_limits{}.attachments_max);
  std::string once;
  append_msgpack(once, *value, attachments);
  // A value may name its attachments more often than the limit of a decoder allows, and an
  // extension is nested deeper as an array than it was.
  auto limits = msgpack_limits{};
  limits.attachments_max = once.size();
  limits.depth_max += 1;
  std::vector<std::string> again_attachments;
  auto again = decode_msgpack(once, again_attachments, limits);
  fuzz::check(again.has_value());
  std::string twice;
  append_msgpack(twice, *again, again_attachments);
  fuzz::check(twice == once);
}

/// A packet that was decoded obeys the rules and can be sent on.
void packet(std::string_view bytes) {
  auto x = decode_socket_packet_msgpack(bytes);
  if (! x)
    return;
  fuzz::check(x->packet.attachments == x->attachments.size());
  fuzz::check(x->packet.has_data ? is_valid_packet_data(x->packet.type, x->packet.data)
                                 : x->packet.data.is_null());
  std::string out;
  const auto* args = x->packet.data.if_array();
  if (x->packet.type == socket_packet_type::event)
    encode_event_msgpack(out, x->packet.nsp, x->packet.id, {*args, x->attachments});
  else if (x->packet.type == socket_packet_type::ack)
    encode_ack_msgpack(out, x->packet.nsp, x->packet.id.value_or(0), {*args, x->attachments});
  else
    encode_socket_packet_msgpack(out, x->packet.type, x->packet.nsp, x->packet.id,
                                 x->packet.has_data ? &x->packet.data : nullptr);
  auto limits = msgpack_limits{};
  limits.attachments_max = out.size();
  auto again = decode_socket_packet_msgpack(out, limits);
  fuzz::check(again.has_value() && again->packet.nsp == x->packet.nsp);
}

/// Any bytes at all can be a text that we write.
void text(std::string_view bytes) {
  std::string out;
  append_msgpack(out, json::string(bytes));
  std::vector<std::string> attachments;
  auto again = decode_msgpack(out, attachments);
  fuzz::check(again.has_value() && again->is_string() && attachments.empty());
  if (is_valid_utf8(bytes))
    fuzz::check(std::string_view{again->get_string()} == bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  round_trip(bytes);
  packet(bytes);
  text(bytes);
  return 0;
}
