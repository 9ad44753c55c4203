#pragma once

#include "schema/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace atrium {

/// The length of the padded base64 text of `bytes` bytes.
constexpr std::size_t base64_length(std::size_t bytes) noexcept {
  return (bytes + 2) / 3 * 4;
}

/// Appends the padded standard base64 text (RFC 4648 section 4) of `bytes`.
void append_base64(std::string& out, std::string_view bytes);

/// Decodes padded standard base64 text. Strict: a foreign character, missing or misplaced padding
/// and unused bits that are not zero are `errc::malformed`, so each value has exactly one text.
/// `out` is replaced; its content is unspecified after an error.
[[nodiscard]] result<void> decode_base64(std::string& out, std::string_view text);

} // namespace atrium
