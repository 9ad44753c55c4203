#pragma once

#include "config/loader.hpp"

#include <filesystem>
#include <string>

namespace atrium::config {

/// Reads the whole of a TOML file into `into`; every problem names its line and column.
void read_toml_file(loader& into, const std::filesystem::path& file);

/// Reads the value of `adapters` as it stands behind the `=` in a file: an array of tables.
void read_adapters_text(loader& into, const std::string& text, const location& where);

} // namespace atrium::config
