#include "schema/object.hpp"

#include "schema/json_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace atrium {

namespace {

constexpr std::array<std::string_view, 16> types
  = {"state", "channel", "device", "folder", "enum",  "host",  "adapter",  "instance",
     "meta",  "config",  "script", "user",   "group", "chart", "schedule", "design"};

/// What `setObject` keeps of the old `common`.
constexpr std::array<std::string_view, 4> kept = {"smartName", "material", "habpanel", "mobile"};

/// What only the hub may read, as member of `common` or `native`.
constexpr std::array<std::string_view, 2> secrets = {"password", "secret"};

refusal wrong(std::string text) {
  return {errc::invalid_object, std::move(text)};
}

/// The member `key`, made an object if it is absent; null if it is something else.
json::object* object_at(json::object& x, std::string_view key) {
  auto i = x.find(key);
  if (i == x.end())
    i = x.emplace(key, json::object{}).first;
  return i->value().if_object();
}

void merge_custom(json::object& common, const json::value& old) {
  auto* given = common.if_contains("custom");
  if (! given) {
    common.emplace("custom", old);
    return;
  }
  auto* next = given->if_object();
  auto* before = old.if_object();
  if (! next || ! before)
    return;
  auto merged = *before;
  for (auto& [key, value] : *next)
    merged.insert_or_assign(key, value);
  *given = std::move(merged);
}

void drop_nulls(json::object& common) {
  auto* custom = common.if_contains("custom");
  if (! custom)
    return;
  if (auto* x = custom->if_object())
    for (auto i = x->begin(); i != x->end();)
      i = i->value().is_null() ? x->erase(i) : std::next(i);
  if (custom->is_null() || (custom->is_object() && custom->get_object().empty()))
    common.erase("custom");
}

void keep_old(json::object& common, const json::object& old) {
  if (auto* custom = old.if_contains("custom"))
    merge_custom(common, *custom);
  for (auto key : kept)
    if (auto* value = old.if_contains(key))
      common.emplace(key, *value);
}

void complete(json::object& x, const writer& who, epoch_ms now) {
  if (! x.contains("from"))
    x.emplace("from", who.from);
  if (! x.contains("user"))
    x.emplace("user", who.user);
  if (! x.contains("ts"))
    x.emplace("ts", now);
}

bool has_secret(const json::object& body) {
  return std::ranges::any_of(std::array{"common", "native"}, [&](std::string_view part) {
    auto* x = member_object(body, part);
    return x && std::ranges::any_of(secrets, [&](auto key) { return x->contains(key); });
  });
}

std::string redacted(json::object body) {
  for (std::string_view part : {"common", "native"})
    if (auto* value = body.if_contains(part); value && value->is_object())
      for (auto key : secrets)
        value->get_object().erase(key);
  std::string result;
  append_json(result, body);
  return result;
}

} // namespace

const json::object* member_object(const json::object& x, std::string_view key) noexcept {
  auto* value = x.if_contains(key);
  return value ? value->if_object() : nullptr;
}

std::string_view member_text(const json::object& x, std::string_view key) noexcept {
  auto* value = x.if_contains(key);
  auto* text = value ? value->if_string() : nullptr;
  return text ? std::string_view{*text} : std::string_view{};
}

object make_object(json::object body) {
  object result;
  result.id = member_text(body, "_id");
  result.type = member_text(body, "type");
  append_json(result.text, body);
  if (auto* common = member_object(body, "common"); common && result.type == "state")
    if (auto* step = common->if_contains("step"); step && step->is_number())
      result.step = std::max(0.0, step->to_number<double>());
  if (has_secret(body))
    result.redacted = redacted(std::move(body));
  return result;
}

checked<object> read_object(std::string_view text) {
  auto body = parse_json(text);
  if (! body || ! body->is_object() || member_text(body->get_object(), "_id").empty())
    return wrong("a stored object is damaged");
  return make_object(std::move(body->get_object()));
}

checked<json::object> merge_object(const std::string& id, json::value x, const json::object* old,
                                   const writer& who, epoch_ms now) {
  if (x.is_null())
    return wrong("null object");
  auto* given = x.if_object();
  if (! given)
    return wrong("The object is not an object!");
  auto type = std::string{member_text(*given, "type")};
  if (type.empty() && ! given->contains("type") && old)
    type = member_text(*old, "type");
  if (! std::ranges::count(types, type))
    return wrong("The object has no valid type!");
  auto* common = object_at(*given, "common");
  if (! common || ! object_at(*given, "native"))
    return wrong("The properties \"common\" and \"native\" must be objects!");
  // The insertion of native may have moved the members.
  common = object_at(*given, "common");
  if (auto* before = old ? member_object(*old, "common") : nullptr)
    keep_old(*common, *before);
  drop_nulls(*common);
  (*given)["_id"] = id;
  (*given)["type"] = type;
  if (auto* acl = old ? old->if_contains("acl") : nullptr)
    given->emplace("acl", *acl);
  complete(*given, who, now);
  return std::move(*given);
}

std::optional<state_write> initial_write(const json::object& body, const writer& who) {
  auto* common = member_object(body, "common");
  auto* def = common ? common->if_contains("def") : nullptr;
  if (! def || def->is_null() || member_text(body, "type") != "state")
    return std::nullopt;
  state_write result;
  result.val = *def;
  auto* ack = common->if_contains("defAck");
  result.ack = ! ack || ! ack->is_bool() || ack->get_bool();
  result.q = quality_initial;
  result.from = who.from;
  result.user = who.user;
  return result;
}

} // namespace atrium
