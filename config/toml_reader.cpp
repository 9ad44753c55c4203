#include "config/toml_reader.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace atrium::config {

namespace {

/// Walks one parsed document. With a fixed place, as for an environment variable, lines and columns
/// of the document are not shown.
class document {
public:
  document(loader& into, location place, bool with_lines)
    : into_(into),
      place_(std::move(place)),
      with_lines_(with_lines) {
  }

  void read(const toml::table& root) {
    for (auto&& [name, node] : root)
      read_top(name, node);
  }

  void syntax_error(const toml::parse_error& error) {
    into_.complain({}, at(error.source()), std::string{error.description()});
  }

private:
  [[nodiscard]] location at(const toml::source_region& region) const {
    auto where = place_;
    if (with_lines_) {
      where.line = region.begin.line;
      where.column = region.begin.column;
    }
    return where;
  }

  void read_top(const toml::key& name, const toml::node& node) {
    auto key = std::string{name.str()};
    if (key == "adapters") {
      read_adapters(node);
    } else if (into_.is_section(key)) {
      if (const auto* section = node.as_table())
        for (auto&& [inner, value] : *section)
          read_key(key + "." + std::string{inner.str()}, inner, value);
      else
        into_.complain(key, at(node.source()), "must be a section, as in [" + key + "]");
    } else {
      read_key(key, name, node);
    }
  }

  void read_key(const std::string& key, const toml::key& name, const toml::node& node) {
    if (const auto* known = into_.find(key))
      into_.set(*known, to_raw(node), at(node.source()));
    else
      into_.complain_unknown(key, at(name.source()));
  }

  static raw_value to_raw(const toml::node& node) {
    if (const auto* flag = node.as_boolean())
      return flag->get();
    if (const auto* whole = node.as_integer())
      return whole->get();
    if (const auto* text = node.as_string())
      return text->get();
    const auto* array = node.as_array();
    if (array == nullptr)
      return {};
    std::vector<std::string> list;
    for (const auto& element : *array) {
      const auto* text = element.as_string();
      if (text == nullptr)
        return {};
      list.push_back(text->get());
    }
    return list;
  }

  void read_adapters(const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr) {
      into_.complain("adapters", at(node.source()), "must be a list of tables, as in [[adapters]]");
      return;
    }
    std::vector<adapter_options> adapters;
    std::vector<location> places;
    for (const auto& element : *array) {
      const auto* entry = element.as_table();
      if (entry == nullptr) {
        into_.complain("adapters", at(element.source()), "must be a table, as in [[adapters]]");
      } else {
        adapters.push_back(read_adapter(*entry));
        const auto* type = entry->get("type");
        places.push_back(at(type == nullptr ? entry->source() : type->source()));
      }
    }
    into_.set_adapters(std::move(adapters), std::move(places));
  }

  adapter_options read_adapter(const toml::table& entry) {
    adapter_options adapter;
    for (auto&& [name, node] : entry) {
      if (name == "type") {
        read_text("adapters.type", node, adapter.type);
      } else if (name == "name") {
        read_text("adapters.name", node, adapter.name);
      } else if (name == "settings") {
        if (const auto* settings = node.as_table())
          adapter.settings = to_object(*settings);
        else
          into_.complain("adapters.settings", at(node.source()), "must be a table");
      } else {
        into_.complain("adapters." + std::string{name.str()}, at(name.source()),
                       "unknown key; an adapter has \"type\", \"name\" and \"settings\"");
      }
    }
    if (! entry.contains("type"))
      into_.complain("adapters.type", at(entry.source()), "is missing: which adapter is it?");
    if (adapter.name.empty())
      adapter.name = adapter.type + ".0";
    return adapter;
  }

  void read_text(const char* key, const toml::node& node, std::string& target) {
    if (const auto* text = node.as_string(); text != nullptr && ! text->get().empty())
      target = text->get();
    else
      into_.complain(key, at(node.source()), "must be a text that is not empty");
  }

  static json::object to_object(const toml::table& table) {
    json::object out;
    for (auto&& [name, node] : table)
      out[name.str()] = to_json(node);
    return out;
  }

  static json::value to_json(const toml::node& node) {
    if (const auto* table = node.as_table())
      return to_object(*table);
    if (const auto* array = node.as_array()) {
      json::array out;
      for (const auto& element : *array)
        out.push_back(to_json(element));
      return out;
    }
    if (const auto* text = node.as_string())
      return json::string(text->get());
    if (const auto* whole = node.as_integer())
      return whole->get();
    if (const auto* real = node.as_floating_point())
      return real->get();
    if (const auto* flag = node.as_boolean())
      return flag->get();
    std::ostringstream time;
    node.visit([&time](const auto& x) { time << x; });
    return json::string(time.str());
  }

  loader& into_;
  location place_;
  bool with_lines_;
};

} // namespace

void read_toml_file(loader& into, const std::filesystem::path& file) {
  std::error_code ignored;
  std::ifstream in{file, std::ios::binary};
  auto reason = in.is_open() ? std::errc::is_a_directory : std::errc{errno};
  if (! in.is_open() || std::filesystem::is_directory(file, ignored)) {
    into.complain({}, {file.string(), 0, 0},
                  "cannot be read: " + std::make_error_code(reason).message());
    return;
  }
  auto text = std::string{std::istreambuf_iterator<char>{in}, {}};
  document reader{into, {file.string(), 0, 0}, true};
  auto parsed = toml::parse(text, file.string());
  if (parsed)
    reader.read(parsed.table());
  else
    reader.syntax_error(parsed.error());
}

void read_adapters_text(loader& into, const std::string& text, const location& where) {
  document reader{into, where, false};
  auto parsed = toml::parse("adapters = " + text);
  if (parsed)
    reader.read(parsed.table());
  else
    reader.syntax_error(parsed.error());
}

} // namespace atrium::config
