#pragma once

#include "actors/interfaces.hpp"
#include "actors/runtime/worker.hpp"
#include "api/socket_namespace.hpp"

namespace atrium::app {

/// A FEED that publishes.
using model_feed_actor = feed_actor::extend<
  // What was committed before it heard of the first commit; null: it need not know.
  caf::reacts_to<atom::start, batch_ptr>>;

/// Spawns what hears of each commit of the journal and publishes it in a namespace, in the same
/// order: `stateChange` and `objectChange` for the sockets that watch. A frame is encoded once, and
/// only if anyone watches. It ends by an exit. With `held` it keeps back what it hears until it has
/// got what was before, which may hold the same commits.
model_feed_actor
spawn_model_feed(runtime::worker& home, api::socket_namespace to, bool held = false);

} // namespace atrium::app
