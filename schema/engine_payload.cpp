#include "schema/engine_payload.hpp"

#include "schema/base64.hpp"
#include "schema/utf8.hpp"

namespace atrium {

namespace {

constexpr char separator = '\x1e';

} // namespace

std::optional<engine_packet_view> payload_reader::next() {
  if (done_)
    return std::nullopt;
  auto end = rest_.find(separator);
  auto text = rest_.substr(0, end);
  auto packet = decode_engine_packet(text, scratch_);
  failed_ = ! packet || (! packet->binary && ! is_valid_utf8(packet->data));
  done_ = failed_ || end == std::string_view::npos;
  if (failed_)
    return std::nullopt;
  if (! done_)
    rest_.remove_prefix(end + 1);
  return *packet;
}

void append_to_payload(std::string& body, std::string_view packet, bool binary) {
  if (! body.empty())
    body.push_back(separator);
  if (binary)
    append_base64_packet(body, packet);
  else
    body.append(packet);
}

void append_base64_packet(std::string& out, std::string_view bytes) {
  out.push_back('b');
  append_base64(out, bytes);
}

} // namespace atrium
