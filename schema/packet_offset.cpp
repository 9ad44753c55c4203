#include "schema/packet_offset.hpp"

#include <array>
#include <charconv>

namespace atrium {

namespace {

constexpr int base = 36;

/// Enough for the digits of any number.
constexpr std::size_t digits_max = 16;

void append(std::string& out, std::uint64_t x) {
  std::array<char, digits_max> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x, base).ptr;
  out.append(digits.data(), end);
}

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t x = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x, base);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return x;
}

} // namespace

std::string to_string(const packet_offset& x) {
  std::string result;
  append(result, x.run);
  result += '.';
  append(result, x.number);
  return result;
}

std::optional<packet_offset> parse_packet_offset(std::string_view text) noexcept {
  auto dot = text.find('.');
  if (dot == std::string_view::npos)
    return std::nullopt;
  auto run = number(text.substr(0, dot));
  auto which = number(text.substr(dot + 1));
  if (! run || ! which || *which == 0)
    return std::nullopt;
  return packet_offset{*run, *which};
}

} // namespace atrium
