#include "schema/object_order.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace atrium {

namespace {

/// An array index is a canonical decimal number below 2^32 - 1.
std::optional<std::uint32_t> array_index(json::string_view key) noexcept {
  constexpr std::uint32_t not_an_index = 0xffffffff;
  if (key.empty() || (key.front() == '0' && key.size() > 1))
    return std::nullopt;
  std::uint32_t index = 0;
  auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc{} || end != key.data() + key.size() || index == not_an_index)
    return std::nullopt;
  return index;
}

} // namespace

bool has_index_key(const json::object& x) noexcept {
  return std::any_of(x.begin(), x.end(), [](const json::key_value_pair& member) {
    auto first = member.key_c_str()[0];
    return first >= '0' && first <= '9' && array_index(member.key());
  });
}

std::vector<const json::key_value_pair*> javascript_order(const json::object& x) {
  std::vector<std::pair<std::uint32_t, const json::key_value_pair*>> indices;
  std::vector<const json::key_value_pair*> out;
  std::vector<const json::key_value_pair*> others;
  out.reserve(x.size());
  for (const auto& member : x) {
    if (auto index = array_index(member.key()))
      indices.emplace_back(*index, &member);
    else
      others.push_back(&member);
  }
  std::sort(indices.begin(), indices.end());
  for (const auto& [index, member] : indices)
    out.push_back(member);
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

} // namespace atrium
