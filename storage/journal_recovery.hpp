#pragma once

#include "storage/journal_store.hpp"
#include "storage/name_table.hpp"
#include "storage/sqlite.hpp"

#include <string_view>
#include <vector>

namespace atrium::storage {

/// Reads the model back: the snapshot, and the journal's tail after it. Used for moments only, with
/// the connection and the names of its store.
class journal_recovery {
public:
  journal_recovery(sqlite::connection& db, const name_table& ids, const name_table& sources);

  recovered everything();

  std::vector<journaled_change> states_below(std::string_view device);

  /// The last sequence that was ever given away.
  static sequence last_sequence(sqlite::connection& db);

private:
  void find_newest();
  std::vector<object_change> objects();
  void read_snapshot(const std::vector<bool>* wanted, std::vector<journaled_change>& out);
  void read_tail(const std::vector<bool>* wanted, std::vector<journaled_change>& out);

  sqlite::connection& db_;
  const name_table& ids_;
  const name_table& sources_;
  /// By the number of an id: its last change in the journal's tail, 0 if it has none there.
  std::vector<sequence> newest_;
};

} // namespace atrium::storage
