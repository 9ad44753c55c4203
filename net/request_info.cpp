#include "net/request_info.hpp"

#include <algorithm>
#include <limits>

namespace atrium::net {

namespace {

int hex_digit(char x) noexcept {
  if (x >= '0' && x <= '9')
    return x - '0';
  if (x >= 'a' && x <= 'f')
    return x - 'a' + 10;
  if (x >= 'A' && x <= 'F')
    return x - 'A' + 10;
  return -1;
}

std::string decode_form(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out.push_back(' ');
      continue;
    }
    if (text[i] == '%' && i + 2 < text.size()) {
      auto high = hex_digit(text[i + 1]);
      auto low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

/// Calls `f` with the name and the value of each pair, neither decoded.
template <class F>
void for_each_pair(std::string_view text, F f) {
  while (! text.empty()) {
    auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty())
      continue;
    auto equals = std::min(pair.find('='), pair.size());
    f(pair.substr(0, equals), equals < pair.size() ? pair.substr(equals + 1) : std::string_view{});
  }
}

} // namespace

void name_values::add(std::string_view name, std::string_view value) {
  constexpr std::size_t part_max = std::numeric_limits<std::uint16_t>::max();
  name = name.substr(0, part_max);
  value = value.substr(0, part_max);
  spans_.push_back({static_cast<std::uint32_t>(text_.size()),
                    static_cast<std::uint16_t>(name.size()),
                    static_cast<std::uint16_t>(value.size())});
  text_.append(name).append(value);
}

name_values::item name_values::at(std::size_t i) const noexcept {
  auto& x = spans_[i];
  auto text = std::string_view{text_}.substr(x.offset);
  return {text.substr(0, x.name_bytes), text.substr(x.name_bytes, x.value_bytes)};
}

std::optional<std::string_view> name_values::find(std::string_view name) const noexcept {
  for (auto i = spans_.size(); i-- > 0;)
    if (auto x = at(i); x.name == name)
      return x.value;
  return std::nullopt;
}

void name_values::shrink() {
  text_.shrink_to_fit();
  spans_.shrink_to_fit();
}

std::string_view request_info::path() const noexcept {
  auto result = std::string_view{target}.substr(0, target.find('?'));
  while (result.starts_with("//"))
    result.remove_prefix(1);
  return result;
}

std::string_view request_info::header(std::string_view name) const noexcept {
  return headers.find(name).value_or(std::string_view{});
}

std::string_view request_info::parameter(std::string_view name) const noexcept {
  return query.find(name).value_or(std::string_view{});
}

name_values parse_query(std::string_view text) {
  name_values out;
  auto encoded = [](std::string_view x) { return x.find_first_of("%+") != x.npos; };
  for_each_pair(text, [&](std::string_view name, std::string_view value) {
    if (encoded(name) || encoded(value))
      out.add(decode_form(name), decode_form(value));
    else
      out.add(name, value);
  });
  return out;
}

std::optional<std::string> form_field(std::string_view form, std::string_view name) {
  std::optional<std::string_view> found;
  for_each_pair(form, [&](std::string_view key, std::string_view value) {
    if (key == name)
      found = value;
  });
  if (! found)
    return std::nullopt;
  return decode_form(*found);
}

} // namespace atrium::net
