#pragma once

#include "schema/state.hpp"
#include "storage/name_table.hpp"
#include "storage/sqlite.hpp"

#include <string>

namespace atrium::storage {

/// The kinds of journal rows, as the column `kind` has them.
enum class row_kind : int {
  state_written = 0,
  state_deleted = 1,
  object_written = 2,
  object_deleted = 3,
};

/// The columns of a value in the order in which the functions below take them. The same in the
/// journal, the snapshot and the history.
#define ATRIUM_STATE_COLUMNS "ts, lc, val, ack, q, source_nr, user_nr, comment"

/// Binds a state to eight parameters from `index` on. Names that are new are added to `sources`.
/// `scratch` and `x` must live until the statement has been reset.
void bind_state(sqlite::statement& stmt, int index, const state& x, name_table& sources,
                std::string& scratch);

/// Reads a state from eight columns from `column` on.
state read_state(const sqlite::statement& stmt, int column, const name_table& sources);

} // namespace atrium::storage
