#pragma once

#include "actors/interfaces.hpp"
#include "actors/runtime/worker.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace atrium::app {

/// Spawns an actor that stands for something that is no actor in a stage of stopping: asked to end,
/// it runs `stop`, and ends when that has completed. The hub adopts it.
void adopt_door(const hub_actor& hub, runtime::worker& home, stop_stage stage,
                std::function<boost::asio::awaitable<void>()> stop);

} // namespace atrium::app
