#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// The length of the longest prefix that is valid UTF-8 (no surrogates, no overlong forms).
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

/// Whether all of `text` is valid UTF-8.
inline bool is_valid_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

/// How many UTF-16 code units `text`, which must be valid UTF-8, takes: what JavaScript calls its
/// length.
std::size_t utf16_length(std::string_view text) noexcept;

/// How many bytes the first `units` UTF-16 code units of `text` (valid UTF-8) take. Absent when
/// `text` is shorter, or when the cut would split a surrogate pair.
std::optional<std::size_t> utf16_prefix(std::string_view text, std::size_t units) noexcept;

/// Appends `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
void append_valid_utf8(std::string& out, std::string_view text);

/// Appends the UTF-8 form of a code point, which must not be a surrogate nor above U+10FFFF.
void append_utf8(std::string& out, char32_t code_point);

} // namespace atrium
