#pragma once

#include "actors/model_types.hpp"

namespace atrium {

/// The JSON text of `{id: state|null}`.
text_ptr encode(const states_snapshot& x);

/// The JSON text of `{id: object}`, each object with its enums.
text_ptr encode(const objects_snapshot& x);

} // namespace atrium
