#include "schema/base64.hpp"

#include <array>
#include <cstdint>

namespace atrium {

namespace {

constexpr std::string_view alphabet
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t foreign = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr auto values = make_values();

std::uint32_t value_of(char c) noexcept {
  return values[static_cast<unsigned char>(c)];
}

char letter(std::uint32_t bits) noexcept {
  return alphabet[bits & 0x3f];
}

} // namespace

void append_base64(std::string& out, std::string_view bytes) {
  auto start = out.size();
  out.resize(start + base64_length(bytes.size()));
  auto* to = out.data() + start;
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  auto left = bytes.size();
  for (; left >= 3; left -= 3, from += 3) {
    std::uint32_t bits = from[0] << 16 | from[1] << 8 | from[2];
    *to++ = letter(bits >> 18);
    *to++ = letter(bits >> 12);
    *to++ = letter(bits >> 6);
    *to++ = letter(bits);
  }
  if (left == 0)
    return;
  std::uint32_t bits = from[0] << 16 | (left == 2 ? from[1] << 8 : 0);
  *to++ = letter(bits >> 18);
  *to++ = letter(bits >> 12);
  *to++ = left == 2 ? letter(bits >> 6) : '=';
  *to++ = '=';
}

result<void> decode_base64(std::string& out, std::string_view text) {
  if (text.size() % 4 != 0)
    return errc::malformed;
  if (text.empty()) {
    out.clear();
    return {};
  }
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=')
    ++padding;
  auto digits = text.substr(0, text.size() - padding);
  out.resize(text.size() / 4 * 3 - padding);
  auto* to = out.data();
  // The digits of valid text are below 64, so the union of all shows a foreign one.
  std::uint32_t seen = 0;
  std::size_t i = 0;
  for (; digits.size() - i >= 4; i += 4) {
    auto a = value_of(digits[i]);
    auto b = value_of(digits[i + 1]);
    auto c = value_of(digits[i + 2]);
    auto d = value_of(digits[i + 3]);
    seen |= a | b | c | d;
    auto bits = a << 18 | b << 12 | c << 6 | d;
    *to++ = static_cast<char>(bits >> 16);
    *to++ = static_cast<char>(bits >> 8);
    *to++ = static_cast<char>(bits);
  }
  if (padding != 0) {
    auto a = value_of(digits[i]);
    auto b = value_of(digits[i + 1]);
    auto c = padding == 1 ? value_of(digits[i + 2]) : 0;
    seen |= a | b | c;
    auto bits = a << 18 | b << 12 | c << 6;
    *to++ = static_cast<char>(bits >> 16);
    if (padding == 1)
      *to++ = static_cast<char>(bits >> 8);
    if ((bits & (padding == 1 ? 0xff : 0xffff)) != 0)
      return errc::malformed;
  }
  if (seen > 0x3f)
    return errc::malformed;
  return {};
}

} // namespace atrium
