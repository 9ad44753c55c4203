#include "config/loader.hpp"

#include <algorithm>
#include <set>

namespace atrium::config {

namespace {

std::string_view section_of(std::string_view key) {
  auto dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view{} : key.substr(0, dot);
}

std::string_view name_of(std::string_view key) {
  auto dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

bool is_instance_name(std::string_view name) {
  auto dot = name.find('.');
  auto digits = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
  return dot != 0 && ! digits.empty()
         && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })
         && std::ranges::all_of(name.substr(0, dot), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            });
}

} // namespace

loader::loader() : fields_(fields_of(values)) {
}

const field* loader::find(std::string_view key) const {
  auto i = std::ranges::find(fields_, key, &field::key);
  return i == fields_.end() ? nullptr : &*i;
}

bool loader::is_section(std::string_view name) const {
  return ! name.empty() && std::ranges::any_of(fields_, [name](const field& x) {
    return section_of(x.key) == name;
  });
}

void loader::set(const field& x, const raw_value& value, location where) {
  auto wrong = assign(x, value);
  if (wrong.empty())
    places_.insert_or_assign(std::string{x.key}, std::move(where));
  else
    complain(std::string{x.key}, std::move(where), std::move(wrong));
}

void loader::set_adapters(std::vector<adapter_options> adapters, std::vector<location> where) {
  values.adapters = std::move(adapters);
  adapter_places_ = std::move(where);
}

void loader::complain(std::string key, location where, std::string text) {
  problems.push_back({std::move(key), std::move(where), std::move(text)});
}

void loader::complain_unknown(std::string_view key, location where) {
  std::vector<std::string_view> candidates{"adapters"};
  for (const auto& x : fields_) {
    if (name_of(x.key) == name_of(key)) {
      complain(std::string{key}, std::move(where),
               "unknown key; did you mean \"" + std::string{x.key} + "\"?");
      return;
    }
    candidates.push_back(x.key);
    if (auto section = section_of(x.key); ! section.empty() && section_of(key).empty())
      candidates.push_back(section);
  }
  std::string text = "unknown key";
  if (auto meant = nearest(key, candidates); ! meant.empty())
    text.append("; did you mean \"").append(meant).append("\"?");
  complain(std::string{key}, std::move(where), std::move(text));
}

location loader::place(std::string_view key) const {
  auto i = places_.find(key);
  return i == places_.end() ? location{"default", 0, 0} : i->second;
}

void loader::check_rules(const std::vector<std::string>& adapter_types) {
  const auto& limits = values.limits;
  if (limits.outbox_high_water_bytes > limits.outbox_bytes_max) {
    auto set_here = places_.contains("limits.outbox_high_water_bytes");
    std::string_view key = set_here ? "limits.outbox_high_water_bytes" : "limits.outbox_bytes_max";
    complain(std::string{key}, place(key),
             "limits.outbox_high_water_bytes (" + std::to_string(limits.outbox_high_water_bytes)
               + ") must not be above limits.outbox_bytes_max ("
               + std::to_string(limits.outbox_bytes_max) + ")");
  }
  const auto& transports = values.socketio.transports;
  if (transports.empty()
      || std::set(transports.begin(), transports.end()).size() != transports.size())
    complain("socketio.transports", place("socketio.transports"),
             "must name at least one transport, and each once");
  if (! values.access.token.empty() && ! values.access.token_file.empty())
    complain("token_file", place("token_file"), "token and token_file are both given; keep one");
  check_tls();
  check_adapters(adapter_types);
}

void loader::check_tls() {
  const auto& tls = values.tls;
  auto asks = tls.client_certificate != tls_options::client_certificate_type::none;
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    std::string_view given = tls.key_file.empty() ? "tls.certificate_file" : "tls.key_file";
    complain(std::string{given}, place(given),
             "tls.certificate_file and tls.key_file belong together; one is missing");
  }
  if (asks && tls.client_ca_file.empty())
    complain("tls.client_certificate", place("tls.client_certificate"),
             "needs tls.client_ca_file, which says whose certificates are trusted");
  if (! asks && ! tls.client_ca_file.empty())
    complain("tls.client_ca_file", place("tls.client_ca_file"),
             R"(is used only when tls.client_certificate is "optional" or "required")");
  if (asks && ! tls.on())
    complain("tls.client_certificate", place("tls.client_certificate"),
             "needs tls.certificate_file: without TLS clients show no certificates");
}

void loader::check_adapters(const std::vector<std::string>& types) {
  std::set<std::string_view> names;
  std::vector<std::string_view> known{types.begin(), types.end()};
  for (std::size_t i = 0; i < values.adapters.size(); ++i) {
    const auto& adapter = values.adapters[i];
    const auto& where = adapter_places_[i];
    if (! types.empty() && std::ranges::find(types, adapter.type) == types.end()) {
      auto text = "no adapter of type \"" + adapter.type + "\"";
      if (auto meant = nearest(adapter.type, known); ! meant.empty())
        text.append("; did you mean \"").append(meant).append("\"?");
      complain("adapters.type", where, std::move(text));
    }
    if (! is_instance_name(adapter.name))
      complain("adapters.name", where,
               "must be a name and a number, as in \"demo.0\", not \"" + adapter.name + "\"");
    else if (! names.insert(adapter.name).second)
      complain("adapters.name", where, "two adapters are named \"" + adapter.name + "\"");
  }
}

} // namespace atrium::config
