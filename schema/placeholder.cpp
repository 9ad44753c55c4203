#include "schema/placeholder.hpp"

#include <cmath>
#include <utility>

namespace atrium {

bool is_placeholder(const json::object& x) noexcept {
  const auto* flag = x.if_contains("_placeholder");
  return flag && flag->is_bool() && flag->get_bool();
}

std::optional<std::size_t> placeholder_index(const json::object& x, std::size_t count) noexcept {
  if (! is_placeholder(x))
    return std::nullopt;
  const auto* num = x.if_contains("num");
  if (! num)
    return std::nullopt;
  if (num->is_int64() && num->get_int64() >= 0
      && static_cast<std::uint64_t>(num->get_int64()) < count)
    return static_cast<std::size_t>(num->get_int64());
  if (num->is_uint64() && num->get_uint64() < count)
    return static_cast<std::size_t>(num->get_uint64());
  if (num->is_double()) {
    auto d = num->get_double();
    if (d >= 0 && d < static_cast<double>(count) && std::trunc(d) == d)
      return static_cast<std::size_t>(d);
  }
  return std::nullopt;
}

std::optional<std::size_t> placeholder_index(const json::value& x, std::size_t count) noexcept {
  const auto* object = x.if_object();
  return object ? placeholder_index(*object, count) : std::nullopt;
}

const std::string* attachment_of(const payload& owner, const json::value& x) noexcept {
  auto index = placeholder_index(x, owner.attachments.size());
  return index ? &owner.attachments[*index] : nullptr;
}

json::object make_placeholder(std::size_t index, json::storage_ptr sp) {
  auto out = json::object{std::move(sp)};
  out.reserve(2);
  out.emplace("_placeholder", true);
  out.emplace("num", static_cast<std::int64_t>(index));
  return out;
}

} // namespace atrium
