#include "storage/journal_recovery.hpp"
#include "storage/name_table.hpp"
#include "storage/open_folder.hpp"
#include "storage/state_columns.hpp"

#include <chrono>
#include <string>
#include <variant>

namespace atrium::storage {

namespace {

// What the journal stores for changes that have no value: only when it was, for people who look.
state moment() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto x = state{};
  x.ts = x.lc = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return x;
}

// Forgets the names that a transaction added, unless it was committed.
class names_guard {
public:
  names_guard(name_table& ids, name_table& sources) : ids_{ids}, sources_{sources} {
  }

  names_guard(const names_guard&) = delete;
  names_guard& operator=(const names_guard&) = delete;

  ~names_guard() {
    ids_.forget();
    sources_.forget();
  }

  void keep() noexcept {
    ids_.keep();
    sources_.keep();
  }

private:
  name_table& ids_;
  name_table& sources_;
};

class sqlite_store final : public journal_store {
public:
  explicit sqlite_store(open_folder_ptr folder) : folder_{std::move(folder)} {
  }

  outcome<recovered> recover() override {
    return sqlite::guarded([this] { return journal_recovery{db_, ids_, sources_}.everything(); });
  }

  outcome<std::vector<journaled_change>> states_below(std::string_view device) override {
    return sqlite::guarded([this, device] {
      return journal_recovery{db_, ids_, sources_}.states_below(device);
    });
  }

  outcome<sequence_range> commit(std::span<const write> writes) override {
    auto pass = write_gate::pass{folder_->gate, write_gate::urgency::journal};
    if (writes.empty())
      return sqlite::guarded([this] { return touch(); });
    return sqlite::guarded([this, writes] {
      auto names = names_guard{ids_, sources_};
      auto txn = sqlite::transaction{db_, sqlite::transaction::kind::immediate};
      auto seq = last_;
      for (auto& x : writes)
        std::visit([this, &seq](auto& change) { apply(++seq, change); }, x);
      txn.commit();
      names.keep();
      auto range = sequence_range{last_ + 1, seq};
      last_ = seq;
      return range;
    });
  }

private:
  /// Writes what stands there already.
  sequence_range touch() {
    auto txn = sqlite::transaction{db_, sqlite::transaction::kind::immediate};
    db_.exec("PRAGMA user_version = " + std::to_string(db_.integer("PRAGMA user_version").value()));
    txn.commit();
    return {last_, last_};
  }

  void apply(sequence seq, const state_change& change) {
    if (change.value)
      append(seq, row_kind::state_written, ids_.number(change.id), *change.value);
    else
      append(seq, row_kind::state_deleted, ids_.number(change.id), moment());
  }

  void apply(sequence seq, const object_change& change) {
    auto nr = ids_.number(change.id);
    if (change.text)
      put_object_.bind_all(nr, seq, std::string_view{*change.text}).run();
    else
      erase_object_.bind_all(nr).run();
    append(seq, change.text ? row_kind::object_written : row_kind::object_deleted, nr, moment());
  }

  void append(sequence seq, row_kind kind, std::int64_t nr, const state& value) {
    append_.bind_all(seq, static_cast<int>(kind), nr);
    bind_state(append_, 4, value, sources_, scratch_);
    append_.run();
  }

  open_folder_ptr folder_;
  sqlite::connection db_ = folder_->write_atrium();
  name_table ids_{db_, name_table::kind::ids};
  name_table sources_{db_, name_table::kind::sources};
  sequence last_ = journal_recovery::last_sequence(db_);
  std::string scratch_;

  sqlite::statement append_{db_, "INSERT INTO journal(seq, kind, nr, " ATRIUM_STATE_COLUMNS
                                 ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  sqlite::statement put_object_{db_, "INSERT INTO objects(nr, seq, text) VALUES(?, ?, ?) "
                                     "ON CONFLICT(nr) DO UPDATE "
                                     "SET seq = excluded.seq, text = excluded.text"};
  sqlite::statement erase_object_{db_, "DELETE FROM objects WHERE nr = ?"};
};

} // namespace

outcome<journal_store_ptr> make_sqlite_store(open_folder_ptr folder) {
  return sqlite::guarded(
    [&folder]() -> journal_store_ptr { return std::make_unique<sqlite_store>(std::move(folder)); });
}

} // namespace atrium::storage
