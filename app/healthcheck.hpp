#pragma once

#include "config/endpoint.hpp"
#include "config/options.hpp"

namespace atrium::app {

/// Asks the hub at `where` for /healthz, over TLS if `tls` is on, and returns 0 when it is ready,
/// else 1 after a line on stderr that says why not. The hub's certificate is not verified: it names
/// another host than the one that is asked. A hub that requires certificates of its clients is
/// healthy when it asks for one. Blocks, for a few seconds at most.
int healthcheck(const config::endpoint& where, const config::tls_options& tls);

} // namespace atrium::app
