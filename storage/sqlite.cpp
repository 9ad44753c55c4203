#include "storage/sqlite.hpp"

namespace atrium::storage::sqlite {

// -- connection ----------------------------------------------------------------

connection::connection(const std::filesystem::path& file, access mode,
                       std::chrono::milliseconds busy_timeout) {
  auto flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
               | (mode == access::read_only ? SQLITE_OPEN_READONLY
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  auto code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  db_.reset(raw);
  if (code != SQLITE_OK)
    raise(raw, code);
  sqlite3_busy_timeout(raw, static_cast<int>(busy_timeout.count()));
}

void connection::exec(const std::string& sql) {
  if (auto code = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
    raise(get(), code);
}

std::optional<std::int64_t> connection::integer(std::string_view sql) {
  auto stmt = statement{*this, sql};
  if (! stmt.step() || stmt.is_null(0))
    return std::nullopt;
  return stmt.integer(0);
}

// -- statement -----------------------------------------------------------------

statement::statement(connection& db, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  auto code = sqlite3_prepare_v3(db.get(), sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK)
    raise(db.get(), code);
  stmt_.reset(raw);
}

statement& statement::check(int code) {
  if (code != SQLITE_OK)
    raise(sqlite3_db_handle(stmt_.get()), code);
  return *this;
}

bool statement::step() {
  auto code = sqlite3_step(stmt_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE)
    return false;
  auto reset = reset_guard{*this};
  raise(sqlite3_db_handle(stmt_.get()), code);
}

void statement::run() {
  while (step()) {
    // A statement such as a PRAGMA may give rows that nobody wants.
  }
  reset();
}

std::string_view statement::text(int column) const {
  auto bytes = reinterpret_cast<const char*>(sqlite3_column_text(stmt_.get(), column));
  if (bytes == nullptr)
    return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column))};
}

std::string_view statement::blob(int column) const {
  auto bytes = static_cast<const char*>(sqlite3_column_blob(stmt_.get(), column));
  if (bytes == nullptr)
    return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column))};
}

// -- transaction -----------------------------------------------------------------

transaction::transaction(connection& db, kind how) : db_{db} {
  db_.exec(how == kind::immediate ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED");
}

transaction::~transaction() {
  // SQLite may have rolled back by itself, and after a commit there is none.
  if (sqlite3_get_autocommit(db_.get()) == 0)
    sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void transaction::commit() {
  db_.exec("COMMIT");
}

} // namespace atrium::storage::sqlite
