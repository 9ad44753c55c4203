#include "config/load.hpp"

#include "config/loader.hpp"
#include "config/toml_reader.hpp"

#include <algorithm>

#include <unistd.h>

namespace atrium::config {

namespace {

constexpr std::string_view prefix = "ATRIUM_";

/// A near miss is a mistake; any other name may belong to somebody else, as container platforms
/// make variables named after services.
void refuse_variable(loader& into, const std::string& name, const std::vector<std::string>& names) {
  auto bare = std::string_view{name}.substr(prefix.size());
  std::vector<std::string_view> candidates{"ADAPTERS", "CONFIG"};
  auto of_a_section = false;
  for (std::string_view known : names)
    candidates.push_back(known.substr(prefix.size()));
  for (const auto& x : into.fields())
    if (auto dot = x.key.find('.'); dot != std::string_view::npos)
      of_a_section |= name.starts_with(environment_name(x.key.substr(0, dot)) + "_");
  auto meant = nearest(bare, candidates);
  if (! meant.empty())
    into.complain({}, {name, 0, 0},
                  "unknown variable; did you mean " + std::string{prefix} + std::string{meant}
                    + "?");
  else if (of_a_section)
    into.complain({}, {name, 0, 0}, "unknown variable: its section has no such key");
  else
    into.warnings.push_back({{}, {name, 0, 0}, "is set, but names no key of the configuration"});
}

void read_variable(loader& into, const std::string& name, const std::string& value) {
  if (name == "ATRIUM_CONFIG")
    return;
  if (name == "ATRIUM_ADAPTERS") {
    read_adapters_text(into, value, {name, 0, 0});
    return;
  }
  std::vector<std::string> names;
  for (const auto& x : into.fields()) {
    names.push_back(environment_name(x.key));
    if (names.back() == name) {
      into.set(x, read_text(x, value), {name, 0, 0});
      return;
    }
  }
  refuse_variable(into, name, names);
}

} // namespace

load_result load(const sources& from) {
  loader into;
  if (from.file)
    read_toml_file(into, *from.file);
  for (const auto& [name, value] : from.environment)
    if (name.starts_with(prefix))
      read_variable(into, name, value);
  for (const auto& [option, key, value] : from.command_line) {
    if (const auto* known = into.find(key))
      into.set(*known, read_text(*known, value), {option, 0, 0});
    else
      into.complain_unknown(key, {option, 0, 0});
  }
  into.check_rules(from.adapter_types);
  if (! into.problems.empty())
    return std::move(into.problems);
  return loaded{std::move(into.values), std::move(into.warnings)};
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    auto equals = std::min(text.find('='), text.size());
    auto value = equals < text.size() ? text.substr(equals + 1) : std::string_view{};
    out.emplace_back(text.substr(0, equals), value);
  }
  return out;
}

} // namespace atrium::config
