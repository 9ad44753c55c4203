#pragma once

#include "config/options.hpp"
#include "config/problem.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::config {

/// A key that was given on the command line.
struct assignment {
  /// The option as the person typed it, for error messages: `--listen`.
  std::string option;
  std::string key;
  std::string value;
};

/// Where settings come from. What comes later wins: file, environment, command line.
struct sources {
  std::optional<std::filesystem::path> file = {};
  /// Variables with their values; only those that begin with `ATRIUM_` are looked at.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::vector<assignment> command_line = {};
  /// The `type` values that adapters may have; when empty, any.
  std::vector<std::string> adapter_types = {};
};

/// What `load` gives when nothing is wrong.
struct loaded {
  options values;
  /// Variables that look like settings and are none; they may belong to somebody else.
  std::vector<problem> warnings;
};

/// Everything that is wrong, in the order of the sources; never empty.
using load_result = boost::system::result<loaded, std::vector<problem>>;

/// Reads all sources, checks every key and value and the rules between them. Blocks on the file;
/// no other effects.
[[nodiscard]] load_result load(const sources& from);

/// The variables of this process, for `sources::environment`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> process_environment();

} // namespace atrium::config
