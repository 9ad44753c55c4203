#include "schema/engine_payload_v3.hpp"

#include "schema/base64.hpp"
#include "schema/utf8.hpp"

#include <charconv>

namespace atrium {

namespace {

constexpr char message_byte = '\x04';

/// More digits than any length that fits memory has.
constexpr std::size_t length_digits_max = 18;

/// Appends the header of the binary form: text or binary, the length as digits 0 to 9, ff.
void append_frame_header(std::string& body, bool binary, std::size_t bytes) {
  body.push_back(binary ? '\x01' : '\x00');
  for (auto digit : std::to_string(bytes))
    body.push_back(static_cast<char>(digit - '0'));
  body.push_back('\xff');
}

} // namespace

result<engine_packet_view> decode_engine_packet_v3(std::string_view text, std::string& scratch) {
  if (text.empty())
    return errc::malformed;
  if (text.front() != 'b')
    return decode_engine_packet(text, scratch);
  if (text.size() < 2 || text[1] != to_digit(engine_packet_type::message))
    return errc::malformed;
  if (auto decoded = decode_base64(scratch, text.substr(2)); ! decoded)
    return decoded.error();
  return engine_packet_view{engine_packet_type::message, true, scratch};
}

result<engine_packet_view> decode_engine_binary_v3(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != message_byte)
    return errc::malformed;
  return engine_packet_view{engine_packet_type::message, true, bytes.substr(1)};
}

payload_reader_v3::payload_reader_v3(std::string_view body, bool binary) noexcept
  : rest_(body),
    framed_(binary) {
  // Checked as a whole, because the lengths of the text form count UTF-16 code units.
  failed_ = body.empty() || (! framed_ && ! is_valid_utf8(body));
}

std::optional<engine_packet_view> payload_reader_v3::next() {
  while (! failed_ && ! rest_.empty()) {
    auto found = framed_ ? take_framed() : take_text();
    if (! found) {
      failed_ = true;
      return std::nullopt;
    }
    if (found->content.empty())
      continue;
    auto packet = found->binary ? decode_engine_binary_v3(found->content)
                                : decode_engine_packet_v3(found->content, scratch_);
    failed_ = ! packet || (framed_ && ! packet->binary && ! is_valid_utf8(packet->data));
    if (! failed_)
      return *packet;
  }
  return std::nullopt;
}

std::optional<payload_reader_v3::item> payload_reader_v3::take_text() {
  auto colon = rest_.substr(0, length_digits_max + 1).find(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  std::size_t units = 0;
  auto [end, error] = std::from_chars(rest_.data(), rest_.data() + colon, units);
  if (error != std::errc{} || end != rest_.data() + colon)
    return std::nullopt;
  rest_.remove_prefix(colon + 1);
  auto bytes = utf16_prefix(rest_, units);
  if (! bytes)
    return std::nullopt;
  auto content = rest_.substr(0, *bytes);
  rest_.remove_prefix(*bytes);
  return item{content, false};
}

std::optional<payload_reader_v3::item> payload_reader_v3::take_framed() {
  auto kind = rest_.front();
  auto end = rest_.substr(0, length_digits_max + 2).find('\xff');
  if ((kind != '\x00' && kind != '\x01') || end == std::string_view::npos || end < 2)
    return std::nullopt;
  std::size_t bytes = 0;
  for (auto digit : rest_.substr(1, end - 1)) {
    if (digit < 0 || digit > 9)
      return std::nullopt;
    bytes = bytes * 10 + static_cast<std::size_t>(digit);
  }
  rest_.remove_prefix(end + 1);
  if (bytes > rest_.size())
    return std::nullopt;
  auto content = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return item{content, kind == '\x01'};
}

void append_to_payload_v3(std::string& body, std::string_view packet, bool binary) {
  if (! binary) {
    body.append(std::to_string(utf16_length(packet))).push_back(':');
    body.append(packet);
    return;
  }
  body.append(std::to_string(2 + base64_length(packet.size()))).append(":b4");
  append_base64(body, packet);
}

void append_to_binary_payload_v3(std::string& body, std::string_view packet, bool binary) {
  append_frame_header(body, binary, packet.size() + (binary ? 1 : 0));
  if (binary)
    body.push_back(message_byte);
  body.append(packet);
}

} // namespace atrium
