#pragma once

#include "schema/json.hpp"

namespace atrium::config {

/// Describes the configuration file as a JSON Schema, for editors that complete and check while one
/// types. `config/atrium.schema.json` holds it; `atrium schema` prints it.
[[nodiscard]] json::object json_schema();

} // namespace atrium::config
