#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {

/// Where a setting was written. `line` and `column` count from 1 and are 0 outside files.
struct location {
  /// The path of the file, the name of the environment variable, or the command line's option.
  std::string source;
  unsigned line = 0;
  unsigned column = 0;
};

/// One thing that is wrong with the configuration.
struct problem {
  /// Dotted, as in `socketio.ping_interval_ms`; empty when the file as a whole is meant.
  std::string key;
  location where;
  /// What is wrong and what would be right.
  std::string text;
};

/// One line for people: `atrium.toml:12:20: socketio.ping_interval_ms: must be …`.
[[nodiscard]] std::string to_string(const problem& x);

/// The candidate that `word` is most likely a misspelling of; empty when none is near.
[[nodiscard]] std::string_view
nearest(std::string_view word, const std::vector<std::string_view>& candidates);

} // namespace atrium::config
