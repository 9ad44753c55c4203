#pragma once

#include "actors/interfaces.hpp"
#include "actors/runtime/worker.hpp"
#include "api/socket_namespace.hpp"

namespace atrium::app {

/// Spawns what hears of each commit of the journal and publishes it in a namespace, in the same
/// order: `stateChange` and `objectChange` for the sockets that watch. A frame is encoded once, and
/// only if anyone watches. It ends by an exit.
feed_actor spawn_model_feed(runtime::worker& home, api::socket_namespace to);

} // namespace atrium::app
