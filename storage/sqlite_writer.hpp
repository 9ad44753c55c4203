#pragma once

#include "storage/data_folder.hpp"
#include "storage/sqlite.hpp"

#include <chrono>
#include <filesystem>

namespace atrium::storage::sqlite {

/// Opens `file` for writing, and makes it if it is absent, with a write-ahead log whose size is
/// bounded. Throws `error` when it cannot be written.
connection open_writer(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout,
                       durability wanted);

} // namespace atrium::storage::sqlite
