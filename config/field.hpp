#pragma once

#include "config/options.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::config {

/// What a file, a variable or an option can hold for one key; `std::monostate` is anything else.
using raw_value
  = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;

/// Says what is wrong with a text, or nothing.
using text_rule = std::string (*)(const std::string&);

/// A key with a fixed set of words.
struct choice_target {
  std::span<const std::string_view> words;
  std::function<void(std::size_t)> pick;
  std::function<std::size_t()> picked;
};

/// A whole number within bounds.
struct number_target {
  std::uint64_t* value;
  std::uint64_t least;
  std::uint64_t most;
};

/// A text, or a list of texts, that obeys a rule.
struct text_target {
  std::string* value;
  text_rule rule;
};

struct list_target {
  std::vector<std::string>* value;
  text_rule rule;
};

/// One key of the configuration and where its value goes.
struct field {
  using target_type
    = std::variant<bool*, number_target, text_target, list_target, choice_target, endpoint*>;

  /// Dotted, as in `socketio.ping_interval_ms`.
  std::string_view key;
  target_type target;
};

/// Every key but `adapters`, bound to the members of `target`, in the order of the default file.
[[nodiscard]] std::vector<field> fields_of(options& target);

/// `socketio.ping_interval_ms` -> `ATRIUM_SOCKETIO_PING_INTERVAL_MS`.
[[nodiscard]] std::string environment_name(std::string_view key);

/// Reads the text of a variable or an option as what `x` holds: lists are separated by commas.
/// What cannot be read comes back as text, which `assign` then refuses.
[[nodiscard]] raw_value read_text(const field& x, const std::string& text);

/// Checks `value` and stores it. Returns what is wrong with it, or nothing.
[[nodiscard]] std::string assign(const field& x, const raw_value& value);

/// The present value as it is written in the file.
[[nodiscard]] json::value value_of(const field& x);

} // namespace atrium::config
