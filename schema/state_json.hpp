#pragma once

#include "schema/json.hpp"
#include "schema/state.hpp"

#include <string>

namespace atrium {

/// A state as clients see it: `{val, ack, ts, q, c?, from, user, lc}`.
json::object to_json(const state& x);

/// Appends the same as text; for answers too large to be built as a tree first.
void append_json(std::string& out, const state& x);

} // namespace atrium
