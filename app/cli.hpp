#pragma once

#include "config/load.hpp"

#include <string>
#include <variant>

namespace atrium::app {

/// A command to carry out.
struct command_line {
  enum class command_type { serve, check, healthcheck, schema };

  command_type command = command_type::serve;
  /// The file and the options that were given; the environment is still missing.
  config::sources from;
};

/// What to print and return instead of doing anything: for `--help`, `--version` and mistakes.
struct early_exit {
  int status = 0;
  std::string out;
  std::string err;
};

/// Reads the command line. Its only look outside is at `ATRIUM_CONFIG`.
[[nodiscard]] std::variant<command_line, early_exit>
parse_command_line(int argc, const char* const* argv);

} // namespace atrium::app
