#include "bench/support/client_frame.hpp"

namespace bench {

namespace {

constexpr auto short_max = std::size_t{125};
constexpr auto two_bytes = std::size_t{126};
constexpr auto eight_bytes = std::size_t{127};

void append_big_endian(std::string& out, std::uint64_t x, int bytes) {
  for (auto shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(x >> shift));
}

} // namespace

void append_client_frame(std::string& out, std::string_view text) {
  constexpr auto masked = 0x80U;
  constexpr auto final_text = '\x81';
  out.push_back(final_text);
  if (text.size() <= short_max) {
    out.push_back(static_cast<char>(masked | text.size()));
  } else if (text.size() <= 0xffff) {
    out.push_back(static_cast<char>(masked | two_bytes));
    append_big_endian(out, text.size(), 2);
  } else {
    out.push_back(static_cast<char>(masked | eight_bytes));
    append_big_endian(out, text.size(), 8);
  }
  out.append(4, '\0');
  out.append(text);
}

std::optional<server_frame> take_server_frame(std::string_view& rest) {
  auto byte = [rest](std::size_t n) { return static_cast<unsigned char>(rest[n]); };
  if (rest.size() < 2)
    return std::nullopt;
  auto size = std::size_t{byte(1)} & 0x7fU;
  auto header = std::size_t{2};
  if (size >= two_bytes) {
    header += size == two_bytes ? 2 : 8;
    if (rest.size() < header)
      return std::nullopt;
    size = 0;
    for (auto n = std::size_t{2}; n < header; ++n)
      size = size << 8 | byte(n);
  }
  if (rest.size() - header < size)
    return std::nullopt;
  auto opcode = byte(0) & 0x0fU;
  auto result = server_frame{opcode == 1   ? server_frame::kind::text
                             : opcode == 8 ? server_frame::kind::close
                                           : server_frame::kind::other,
                             rest.substr(header, size)};
  rest.remove_prefix(header + size);
  return result;
}

} // namespace bench
