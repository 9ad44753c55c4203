#pragma once

#include "schema/state.hpp"

#include <string>

namespace atrium {

/// The ISO 8601 text of a time, as JavaScript's Date::toISOString writes it:
/// `2026-11-20T19:54:00.000Z`. Empty outside the years 0 to 9999.
std::string iso_time(epoch_ms x);

} // namespace atrium
