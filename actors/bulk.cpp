#include "actors/bulk.hpp"

#include "actors/enum_index.hpp"
#include "schema/json_text.hpp"
#include "schema/state_json.hpp"

namespace atrium {

namespace {

/// About how long the texts are, to grow seldom.
constexpr std::size_t state_bytes = 200;
constexpr std::size_t object_bytes = 400;

void append_key(std::string& out, std::string_view key) {
  out += out.empty() ? '{' : ',';
  append_json_string(out, key);
  out += ':';
}

void append_value(std::string& out, const state_ptr& x) {
  if (x)
    append_json(out, *x);
  else
    out += "null";
}

text_ptr finished(std::string text) {
  text += text.empty() ? "{}" : "}";
  return std::make_shared<const std::string>(std::move(text));
}

} // namespace

text_ptr encode(const states_snapshot& x) {
  std::string result;
  result.reserve(x.size() * state_bytes);
  for (auto& [object, value] : x.found) {
    append_key(result, object->id);
    append_value(result, value);
  }
  for (auto& [id, value] : x.named) {
    append_key(result, id);
    append_value(result, value);
  }
  return finished(std::move(result));
}

text_ptr encode(const objects_snapshot& x) {
  std::string result;
  result.reserve(x.found.size() * object_bytes);
  for (auto& object : x.found) {
    append_key(result, object->id);
    result += object->shown();
    auto within = x.rooms_only && object->type == "state" ? "enum.rooms." : "";
    if (auto enums = x.enums ? x.enums->enums_of(object->id, within) : ""; ! enums.empty()) {
      result.back() = ',';
      result += R"("enums":)";
      result += enums;
      result += '}';
    }
  }
  return finished(std::move(result));
}

} // namespace atrium
