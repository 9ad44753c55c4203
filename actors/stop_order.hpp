#pragma once

#include "actors/model_types.hpp"

#include <array>
#include <chrono>
#include <string_view>

namespace atrium {

/// One stage of stopping: its actors are asked to end, and killed when its grace is over.
struct stop_step {
  stop_stage stage;
  std::string_view name;
  std::chrono::milliseconds grace;
};

/// The order in which the hub stops; less than 10 seconds in all.
inline constexpr std::array<stop_step, 6> stop_order = {{
  // Nobody new comes in.
  {stop_stage::listener, "listener", std::chrono::milliseconds{500}},
  // Clients are told, and their last frames are written.
  {stop_stage::connections, "connections", std::chrono::milliseconds{3'000}},
  // Nobody is left who could hear of a change.
  {stop_stage::namespaces, "namespaces", std::chrono::milliseconds{500}},
  // Adapters take leave of their devices; their last reports still go through.
  {stop_stage::adapters, "adapters", std::chrono::milliseconds{2'000}},
  // The catalog ends its devices; nothing new is appended.
  {stop_stage::model, "model", std::chrono::milliseconds{500}},
  // What was appended is committed, and the files are closed.
  {stop_stage::journal, "journal", std::chrono::milliseconds{3'000}},
}};

} // namespace atrium
