#include "schema/state_rules.hpp"

#include "schema/id.hpp"
#include "schema/utf8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace atrium {

namespace {

/// Smaller times are seconds: ioBroker's constant, 2000-01-01 in milliseconds.
constexpr epoch_ms seconds_below = 946'681'200'000;

/// The last time JavaScript's Date knows.
constexpr double time_max = 8.64e15;

struct attribute {
  std::string_view name;
  /// What typeof must say; empty: anything.
  std::string_view type;
};

constexpr std::array<attribute, 9> attributes = {{
  {"val", ""},
  {"ack", "boolean"},
  {"ts", "number"},
  {"q", "number"},
  {"from", "string"},
  {"c", "string"},
  {"expire", "number"},
  {"lc", "number"},
  {"user", "string"},
}};

refusal wrong(std::string text) {
  return {errc::invalid_state, std::move(text)};
}

std::optional<refusal> objection(const json::object& x) {
  if (x.empty())
    return wrong("The state contains no properties! At least one property is expected!");
  std::string forbidden;
  for (auto& [key, value] : x) {
    auto known = std::ranges::find(attributes, std::string_view{key}, &attribute::name);
    if (known == attributes.end())
      forbidden.append(forbidden.empty() ? "" : ", ").append(std::string_view{key});
    else if (! known->type.empty() && type_name(value) != known->type)
      return wrong("The state property \"" + std::string{known->name} + "\" has the wrong type \""
                   + std::string{type_name(value)} + "\" (should be \"" + std::string{known->type}
                   + "\")!");
  }
  if (! forbidden.empty())
    return wrong("The state contains the forbidden properties " + forbidden + "!");
  if (x.contains("expire"))
    return wrong("The state property \"expire\" is not supported!");
  return std::nullopt;
}

/// A number of milliseconds, or nothing when no clock can show it.
std::optional<epoch_ms> time_of(const json::value& x) {
  auto value = x.to_number<double>();
  if (! (std::abs(value) <= time_max))
    return std::nullopt;
  return x.is_int64() ? x.get_int64() : static_cast<epoch_ms>(value);
}

std::optional<std::uint32_t> quality_of(const json::value& x) {
  auto value = x.to_number<double>();
  if (! (value >= 0 && value <= 0xffff'ffff))
    return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

/// Cuts after so many UTF-16 units, never inside a code point.
std::string cut(std::string_view text, std::size_t units_max) {
  if (utf16_length(text) <= units_max)
    return std::string{text};
  auto bytes = utf16_prefix(text, units_max);
  return std::string{
    text.substr(0, bytes ? *bytes : utf16_prefix(text, units_max - 1).value_or(0))};
}

std::string text_of(const json::object& x, std::string_view key) {
  auto* value = x.if_contains(key);
  return value ? std::string{std::string_view{value->get_string()}} : std::string{};
}

bool same_object(const json::object& x, const json::object& y) noexcept {
  return x.size() == y.size() && std::ranges::all_of(x, [&](auto& member) {
           auto* other = y.if_contains(member.key());
           return other && same_value(member.value(), *other);
         });
}

} // namespace

checked<state_write> parse_state_write(json::value x, const writer& who) {
  state_write result;
  result.from = who.from;
  result.user = who.user;
  auto* given = x.if_object();
  if (! given) {
    result.val = std::move(x);
    return result;
  }
  if (auto no = objection(*given))
    return std::move(*no);
  if (auto* ack = given->if_contains("ack"))
    result.ack = ack->get_bool();
  if (auto* ts = given->if_contains("ts"); ts && ! (result.ts = time_of(*ts)))
    return wrong("The state property \"ts\" is out of range!");
  if (auto* lc = given->if_contains("lc"); lc && ! (result.lc = time_of(*lc)))
    return wrong("The state property \"lc\" is out of range!");
  if (auto* q = given->if_contains("q")) {
    auto quality = quality_of(*q);
    if (! quality)
      return wrong("The state property \"q\" is out of range!");
    result.q = *quality;
  }
  if (auto from = text_of(*given, "from"); ! from.empty())
    result.from = std::move(from);
  result.c = cut(text_of(*given, "c"), comment_units_max);
  if (auto* val = given->if_contains("val"))
    result.val = std::move(*val);
  return result;
}

state apply(state_write write, const state* old, epoch_ms now, double step) {
  state result;
  result.ack = write.ack;
  result.q = write.q;
  result.from = std::move(write.from);
  result.user = std::move(write.user);
  result.c = std::move(write.c);
  result.ts = write.ts.value_or(now);
  if (result.ts < seconds_below && result.ts > 0)
    result.ts *= 1000;
  if (write.val)
    result.val = rounded(std::move(*write.val), step);
  else if (old)
    result.val = old->val;
  auto kept = old && old->lc != 0 && (! write.val || same_value(result.val, old->val));
  result.lc = write.lc.value_or(kept ? old->lc : result.ts);
  return result;
}

bool same_value(const json::value& x, const json::value& y) noexcept {
  if (x.is_number() && y.is_number())
    return x.is_double() || y.is_double() ? x.to_number<double>() == y.to_number<double>() : x == y;
  if (x.is_object() && y.is_object())
    return same_object(x.get_object(), y.get_object());
  if (x.is_array() && y.is_array())
    return std::ranges::equal(x.get_array(), y.get_array(), same_value);
  return x == y;
}

json::value rounded(json::value x, double step) {
  if (! (step > 0) || ! std::isfinite(step) || ! x.is_number())
    return x;
  auto value = x.to_number<double>();
  auto nearest = std::round(value / step) * step;
  // Multiples of 0.1 and the like come out with noise in the last digits.
  constexpr auto digits = 1e10;
  if (std::abs(nearest) < 1e5)
    nearest = std::round(nearest * digits) / digits;
  if (! std::isfinite(nearest) || nearest == value)
    return x;
  if (! x.is_double() && nearest == std::trunc(nearest) && std::abs(nearest) < 9e15)
    return static_cast<std::int64_t>(nearest);
  return nearest;
}

} // namespace atrium
