#include "actors/enum_index.hpp"

#include "schema/json_text.hpp"

namespace atrium {

namespace {

/// Levels above an object whose enums are its enums too.
constexpr int levels_up = 2;

} // namespace

enum_index::enum_index(const std::map<std::string, object_ptr>& enums) {
  for (auto& [id, x] : enums) {
    auto body = parse_json(x->text);
    auto* common
      = body && body->is_object() ? member_object(body->get_object(), "common") : nullptr;
    auto* members = common ? common->if_contains("members") : nullptr;
    if (! members || ! members->is_array())
      continue;
    std::string name;
    auto* given = common->if_contains("name");
    append_json(name, given ? *given : json::value(""));
    for (auto& member : members->get_array())
      if (auto* text = member.if_string())
        members_[std::string{std::string_view{*text}}].push_back({id, name});
  }
}

std::string enum_index::enums_of(std::string_view id, std::string_view within) const {
  std::map<std::string_view, std::string_view> found;
  for (auto level = 0; level <= levels_up; ++level) {
    if (auto i = members_.find(id); i != members_.end())
      for (auto& x : i->second)
        if (x.enum_id.starts_with(within))
          found.emplace(x.enum_id, x.name);
    auto dot = id.rfind('.');
    if (dot == std::string_view::npos)
      break;
    id = id.substr(0, dot);
  }
  std::string result;
  for (auto& [enum_id, name] : found) {
    result += result.empty() ? '{' : ',';
    append_json_string(result, enum_id);
    result += ':';
    result += name;
  }
  if (! result.empty())
    result += '}';
  return result;
}

} // namespace atrium
