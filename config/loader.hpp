#pragma once

#include "config/field.hpp"
#include "config/problem.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {

/// Gathers settings, where they came from, and what is wrong with them. The readers of the sources
/// share one; only `load` makes it.
class loader {
public:
  loader();

  loader(const loader&) = delete;
  loader& operator=(const loader&) = delete;

  /// The field of a dotted key, or null.
  [[nodiscard]] const field* find(std::string_view key) const;

  /// Whether `name` begins keys, as `socketio` does.
  [[nodiscard]] bool is_section(std::string_view name) const;

  /// Stores a value and its place, or notes a problem.
  void set(const field& x, const raw_value& value, location where);

  /// Replaces the adapters of an earlier source.
  void set_adapters(std::vector<adapter_options> adapters, std::vector<location> where);

  void complain(std::string key, location where, std::string text);

  /// Notes that nobody knows `key`, and which key may have been meant.
  void complain_unknown(std::string_view key, location where);

  /// Checks the rules between keys, at the end.
  void check_rules(const std::vector<std::string>& adapter_types);

  options values;
  std::vector<problem> problems;
  std::vector<problem> warnings;

  [[nodiscard]] const std::vector<field>& fields() const {
    return fields_;
  }

private:
  /// Where `key` was set, for a rule that it breaks.
  [[nodiscard]] location place(std::string_view key) const;

  void check_tls();
  void check_adapters(const std::vector<std::string>& types);

  std::vector<field> fields_;
  std::map<std::string, location, std::less<>> places_;
  std::vector<location> adapter_places_;
};

} // namespace atrium::config
