#pragma once

#include "bench/support/load_settings.hpp"

namespace bench {

// Each mode prints one line and returns the program's exit code: 1 when something was lost or
// refused.

/// How many connections a second the server takes, with the CPU and the memory of each.
int run_connect_mode(const load_settings& x);

/// Echoes: `depth` of each client in flight.
int run_echo_mode(const load_settings& x);

/// `setState` with durable acks: `depth` of each client in flight.
int run_set_mode(const load_settings& x);

/// Broadcasts to one room that all clients are in: `depth` in flight; the next one goes out when
/// one has reached all.
int run_broadcast_mode(const load_settings& x);

/// Echoes of `clients` clients, `depth` in flight each, first alone and then beside four clients
/// that send echoes as fast as their sockets take them.
int run_flood_mode(const load_settings& x);

} // namespace bench
