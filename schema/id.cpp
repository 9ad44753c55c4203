#include "schema/id.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace atrium {

namespace {

constexpr char32_t no_code_point = 0xffffffff;

struct range {
  char32_t first;
  char32_t last;
};

constexpr range letters[] = {
#include "schema/id_letters.inc"
};

constexpr auto ascii = [] {
  std::array<bool, 128> result{};
  for (char c : std::string_view{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "._-/ :!#$%&()+=@^{}|~"})
    result[static_cast<unsigned char>(c)] = true;
  return result;
}();

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string replaced(std::string_view id) {
  std::string result;
  result.reserve(id.size());
  auto in_run = false;
  for (std::size_t pos = 0; pos < id.size();) {
    auto begin = pos;
    auto ok = is_id_char(next_code_point(id, pos));
    if (ok)
      result.append(id.substr(begin, pos - begin));
    else if (! in_run)
      result.push_back('_');
    in_run = ! ok;
  }
  return result;
}

} // namespace

char32_t next_code_point(std::string_view text, std::size_t& pos) noexcept {
  auto lead = static_cast<unsigned char>(text[pos++]);
  if (lead < 0x80)
    return lead;
  auto more = lead >= 0xc2 && lead < 0xe0   ? 1u
              : lead >= 0xe0 && lead < 0xf0 ? 2u
              : lead >= 0xf0 && lead < 0xf5 ? 3u
                                            : 0u;
  if (more == 0 || text.size() - pos < more)
    return no_code_point;
  char32_t result = lead & (0x3fu >> more);
  for (auto i = 0u; i < more; ++i) {
    if (! is_continuation(text[pos + i]))
      return no_code_point;
    result = (result << 6) | (static_cast<unsigned char>(text[pos + i]) & 0x3fu);
  }
  constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  if (result < smallest[more] || result > 0x10ffff || (result >= 0xd800 && result < 0xe000))
    return no_code_point;
  pos += more;
  return result;
}

bool is_id_char(char32_t x) noexcept {
  if (x < ascii.size())
    return ascii[x];
  auto i = std::ranges::upper_bound(letters, x, {}, &range::first);
  return i != std::begin(letters) && x <= std::prev(i)->last;
}

bool is_clean_id(std::string_view id) noexcept {
  if (id.empty() || id.back() == '.' || id.size() > id_bytes_max)
    return false;
  for (std::size_t pos = 0; pos < id.size();)
    if (! is_id_char(next_code_point(id, pos)))
      return false;
  return true;
}

checked<std::string> clean_id(std::string_view id) {
  if (is_clean_id(id))
    return std::string{id};
  if (id.empty())
    return refusal{errc::invalid_id, "The id is empty! Please provide a valid id."};
  if (id.back() == '.')
    return refusal{errc::invalid_id, "The id \"" + std::string{id.substr(0, id_bytes_max)}
                                       + "\" is invalid. Ids are not allowed to end in \".\""};
  if (id.size() > id_bytes_max)
    return refusal{errc::invalid_id,
                   "The id is longer than " + std::to_string(id_bytes_max) + " bytes."};
  return replaced(id);
}

checked<std::string> clean_id(const json::value& id) {
  if (auto* text = id.if_string())
    return clean_id(std::string_view{*text});
  if (id.is_null())
    return refusal{errc::invalid_id, "The id is empty! Please provide a valid id."};
  auto shown = id.is_structured() ? std::string{type_name(id)} : json::serialize(id);
  return refusal{errc::invalid_id, "The id \"" + shown
                                     + "\" has an invalid type! Expected \"string\", received \""
                                     + std::string{type_name(id)} + "\"."};
}

std::string_view type_name(const json::value& x) noexcept {
  switch (x.kind()) {
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "number";
    case json::kind::string: return "string";
    default: return "object";
  }
}

bool is_below(std::string_view id, std::string_view parent) noexcept {
  return id.starts_with(parent) && (id.size() == parent.size() || id[parent.size()] == '.');
}

} // namespace atrium
