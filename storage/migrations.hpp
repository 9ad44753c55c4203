#pragma once

#include "storage/failure.hpp"
#include "storage/sqlite.hpp"

#include <span>
#include <string_view>

namespace atrium::storage {

/// One step from version `version - 1` to `version`.
struct migration {
  int version;
  std::string_view sql;
};

/// The steps of atrium.db, history.db and recovery.db, ascending; their texts are
/// schema/migrations/*.sql.
std::span<const migration> atrium_migrations();
std::span<const migration> history_migrations();
std::span<const migration> recovery_migrations();

/// Brings a file to the last of `steps`, each in a transaction of its own with its `user_version`.
/// @returns errc::storage_newer if the file is beyond the last step, errc::storage_corrupt if it
/// has tables but no version, that is, if another program made it.
[[nodiscard]] outcome<void> migrate(sqlite::connection& db, std::span<const migration> steps);

} // namespace atrium::storage
