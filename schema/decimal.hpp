#pragma once

#include <charconv>
#include <concepts>
#include <string>

namespace atrium {

/// Appends an integer in decimal digits.
template <std::integral Integer>
void append_decimal(std::string& out, Integer x) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
}

} // namespace atrium
