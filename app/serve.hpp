#pragma once

#include "config/options.hpp"

namespace atrium::app {

/// Runs the hub until SIGTERM or SIGINT and returns the exit status. Logging is set up by the
/// caller. Throws when the hub cannot start.
int serve(const config::options& settings);

} // namespace atrium::app
