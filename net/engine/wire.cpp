#include "net/engine/wire.hpp"

#include "schema/engine_payload.hpp"
#include "schema/engine_payload_v3.hpp"

#include <algorithm>
#include <cassert>

namespace atrium::net::engine {

namespace {

template <class F>
void for_each_part(const frame& x, F&& f) {
  f(x.head);
  for (auto& part : x.attachments)
    f(part);
}

bool has_binary(const frame& x) noexcept {
  return x.head.binary || std::any_of(x.attachments.begin(), x.attachments.end(), [](auto& part) {
           return part.binary;
         });
}

frame_part encode_part(wire how, const frame_part& x) {
  if (! x.binary)
    return x;
  std::string out;
  if (how.protocol == 3 && ! how.base64) {
    out.push_back('\x04');
    out.append(x.payload());
    return make_frame_part(out, true);
  }
  if (how.protocol == 3) {
    out = "b4";
    std::string base64;
    append_base64_packet(base64, x.payload());
    out.append(base64, 1);
  } else {
    append_base64_packet(out, x.payload());
  }
  return make_frame_part(out, false);
}

template <class Reader>
bool read_all(Reader reader, const std::function<bool(const engine_packet_view&)>& deliver) {
  while (auto packet = reader.next())
    if (! deliver(*packet))
      return true;
  return ! reader.failed();
}

} // namespace

payload_text encode_payload(wire how, std::span<const frame_ptr> frames) {
  payload_text out;
  std::size_t bytes = 0;
  for (auto& x : frames)
    bytes += frame_bytes(*x);
  out.body.reserve(bytes + frames.size());
  out.binary = how.protocol == 3 && ! how.base64
               && std::any_of(frames.begin(), frames.end(), [](auto& x) { return has_binary(*x); });
  auto append = how.protocol == 4 ? append_to_payload
                : out.binary      ? append_to_binary_payload_v3
                                  : append_to_payload_v3;
  for (auto& x : frames)
    for_each_part(*x, [&](auto& part) { append(out.body, part.payload(), part.binary); });
  return out;
}

frame_ptr encode_for_websocket(wire how, frame_ptr x) {
  if (how.plain() || ! has_binary(*x))
    return x;
  auto out = std::make_shared<frame>();
  out->head = encode_part(how, x->head);
  for (auto& part : x->attachments)
    out->attachments.push_back(encode_part(how, part));
  out->is_volatile = x->is_volatile;
  out->compress = x->compress;
  return out;
}

bool decode_payload(wire how, std::string_view body, bool framed,
                    const std::function<bool(const engine_packet_view&)>& deliver) {
  if (how.protocol == 3)
    return read_all(payload_reader_v3{body, framed}, deliver);
  return read_all(payload_reader{body}, deliver);
}

frame_ptr text_frame(std::string_view packet) {
  auto out = std::make_shared<frame>();
  out->head = make_frame_part(packet, false);
  return out;
}

const frame_ptr& control_frame(std::string_view packet) {
  static const frame_ptr close = text_frame("1");
  static const frame_ptr ping = text_frame("2");
  static const frame_ptr pong = text_frame("3");
  static const frame_ptr noop = text_frame("6");
  static const frame_ptr probe = text_frame("3probe");
  if (packet == "1")
    return close;
  if (packet == "2")
    return ping;
  if (packet == "3")
    return pong;
  if (packet == "6")
    return noop;
  assert(packet == "3probe");
  return probe;
}

std::size_t frame_bytes(const frame& x) noexcept {
  std::size_t out = 0;
  for_each_part(x, [&](auto& part) { out += part.bytes.size(); });
  return out;
}

} // namespace atrium::net::engine
