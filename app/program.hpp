#pragma once

namespace atrium::app {

/// What the program answers to whoever started it.
enum exit_status : int {
  exit_ok = 0,
  /// The hub, or the health of a hub, failed.
  exit_failed = 1,
  /// The command line or the configuration is wrong.
  exit_usage = 2,
};

/// The whole program: reads the command line and the configuration, sets up logging, and carries
/// the command out. Returns the exit status; throws nothing.
int run(int argc, const char* const* argv) noexcept;

} // namespace atrium::app
