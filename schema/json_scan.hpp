#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace atrium {

/// The start of a text that stands in JSON as it is.
struct json_run {
  std::size_t length = 0;
  bool ascii = true;
};

/// Finds the longest prefix of `text` without quotes, backslashes and control characters, eight
/// bytes at a time.
inline json_run scan_json_run(std::string_view text) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t tops = 0x8080808080808080;
  const auto* p = text.data();
  const auto* end = p + text.size();
  std::uint64_t seen = 0;
  while (end - p >= 8) {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof word);
    // x - n borrows into the top bit of a byte below n; the borrow may run on, but only past a hit.
    auto quote = word ^ (ones * '"');
    auto backslash = word ^ (ones * '\\');
    auto control = (word - ones * 0x20) & ~word;
    if (((control | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & tops) != 0)
      break;
    seen |= word;
    p += 8;
  }
  for (; p != end; ++p) {
    auto c = static_cast<unsigned char>(*p);
    if (c < 0x20 || c == '"' || c == '\\')
      break;
    seen |= c;
  }
  return {static_cast<std::size_t>(p - text.data()), (seen & tops) == 0};
}

} // namespace atrium
