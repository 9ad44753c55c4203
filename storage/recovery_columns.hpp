#pragma once

#include "storage/recovery_store.hpp"

#include <string>
#include <string_view>
#include <vector>

// How the values of recovery.db stand in their columns; schema/migrations/recovery_001.sql says it.

namespace atrium::storage {

std::string to_column(const std::vector<std::string>& names);
std::string to_column(const std::vector<saved_topic>& watches);
std::string to_column(const std::vector<run_mark>& runs);
std::string to_column(const frame& x);

/// These throw sqlite::error for what was not written by `to_column`.
std::vector<std::string> names_of(std::string_view column);
std::vector<saved_topic> watches_of(std::string_view column);
std::vector<run_mark> runs_of(std::string_view column);
frame_ptr frame_of(std::string_view column);

} // namespace atrium::storage
