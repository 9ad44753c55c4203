#pragma once

#include "schema/json.hpp"
#include "storage/sqlite.hpp"

#include <string>
#include <string_view>

namespace atrium::storage {

/// Binds a JSON value: numbers as they are, null as NULL, everything else as JSON text. `scratch`
/// holds the text and must live until the statement has been reset.
void bind_value(sqlite::statement& stmt, int index, const json::value& value, std::string& scratch);

/// Reads back what `bind_value` wrote; throws sqlite::error if that is no JSON.
json::value read_value(const sqlite::statement& stmt, int column);

} // namespace atrium::storage
