#include "schema/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace atrium {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

std::uint64_t load_word(const char* p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

bool is_continuation(unsigned char c) noexcept {
  return (c & 0xc0) == 0x80;
}

/// The length of the valid sequence that starts with the lead byte at `p`; 0 when it is not valid.
std::size_t sequence_length(const unsigned char* p, std::size_t left) noexcept {
  auto lead = p[0];
  if (lead >= 0xc2 && lead <= 0xdf)
    return left >= 2 && is_continuation(p[1]) ? 2 : 0;
  // The second byte has a narrower range after some leads: no overlong forms, no surrogates,
  // nothing above U+10FFFF.
  if (lead >= 0xe0 && lead <= 0xef) {
    unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    unsigned high = lead == 0xed ? 0x9f : 0xbf;
    return left >= 3 && p[1] >= low && p[1] <= high && is_continuation(p[2]) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    return left >= 4 && p[1] >= low && p[1] <= high && is_continuation(p[2])
               && is_continuation(p[3])
             ? 4
             : 0;
  }
  return 0;
}

} // namespace

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.size() - i >= 8 && (load_word(text.data() + i) & high_bits) == 0) {
      i += 8;
      continue;
    }
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    auto length
      = sequence_length(reinterpret_cast<const unsigned char*>(text.data()) + i, text.size() - i);
    if (length == 0)
      return i;
    i += length;
  }
  return i;
}

std::size_t utf16_length(std::string_view text) noexcept {
  std::size_t units = 0;
  for (auto c : text) {
    auto byte = static_cast<unsigned char>(c);
    units += ! is_continuation(byte);
    units += byte >= 0xf0;
  }
  return units;
}

std::optional<std::size_t> utf16_prefix(std::string_view text, std::size_t units) noexcept {
  std::size_t i = 0;
  while (units > 0) {
    if (i >= text.size())
      return std::nullopt;
    auto lead = static_cast<unsigned char>(text[i]);
    std::size_t width = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::size_t taken = width == 4 ? 2 : 1;
    if (taken > units)
      return std::nullopt;
    units -= taken;
    i += width;
  }
  return i;
}

void append_valid_utf8(std::string& out, std::string_view text) {
  for (;;) {
    auto valid = valid_utf8_prefix(text);
    out.append(text.substr(0, valid));
    if (valid == text.size())
      return;
    out.append("\xef\xbf\xbd");
    text.remove_prefix(valid + 1);
  }
}

void append_utf8(std::string& out, char32_t code_point) {
  auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3f));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

} // namespace atrium
