#pragma once

#include "config/endpoint.hpp"

namespace atrium::app {

/// Asks the hub at `where` for /healthz and returns 0 when it is ready, else 1 after a line on
/// stderr that says why not. Blocks, for a few seconds at most.
int healthcheck(const config::endpoint& where);

} // namespace atrium::app
