#include "config/json_schema.hpp"

#include "config/field.hpp"

namespace atrium::config {

namespace {

/// What JSON Schema says of the values that each kind of field takes.
struct describer {
  json::object operator()(const bool*) const {
    return {{"type", "boolean"}};
  }

  json::object operator()(const number_target& target) const {
    return {{"type", "integer"}, {"minimum", target.least}, {"maximum", target.most}};
  }

  json::object operator()(const text_target&) const {
    return {{"type", "string"}};
  }

  json::object operator()(const list_target&) const {
    return {{"type", "array"}, {"items", {{"type", "string"}}}};
  }

  json::object operator()(const choice_target& target) const {
    json::array words;
    for (auto word : target.words)
      words.emplace_back(word);
    return {{"enum", words}};
  }

  json::object operator()(const endpoint*) const {
    return {{"type", "string"}, {"pattern", ":[0-9]+$"}};
  }
};

json::object closed_object() {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", json::object{}}};
}

json::object& properties(json::object& of) {
  return of["properties"].as_object();
}

json::object adapters_schema() {
  auto entry = closed_object();
  entry["required"] = json::array{"type"};
  properties(entry) = {{"type", {{"type", "string"}}},
                       {"name", {{"type", "string"}, {"pattern", "^[a-z0-9_-]+\\.[0-9]+$"}}},
                       {"settings", {{"type", "object"}}}};
  return {{"type", "array"}, {"items", entry}};
}

} // namespace

json::object json_schema() {
  auto root = closed_object();
  root["$schema"] = "http://json-schema.org/draft-07/schema#";
  root["title"] = "Atrium's configuration";
  options defaults;
  for (const auto& x : fields_of(defaults)) {
    auto described = std::visit(describer{}, x.target);
    described["default"] = value_of(x);
    auto dot = x.key.find('.');
    auto* into = &root;
    if (dot != std::string_view::npos) {
      auto& section = properties(root)[x.key.substr(0, dot)];
      if (section.is_null())
        section = closed_object();
      into = &section.as_object();
    }
    properties(*into)[x.key.substr(dot + 1)] = std::move(described);
  }
  properties(root)["adapters"] = adapters_schema();
  return root;
}

} // namespace atrium::config
