#pragma once

#include "storage/data_folder.hpp"

namespace atrium::storage {

/// A data folder that lives in memory: the same promises, but for durability. For tests of what
/// stands above the storage, and the reference that the database is compared with.
[[nodiscard]] data_folder_ptr make_memory_folder();

} // namespace atrium::storage
