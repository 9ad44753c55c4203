#pragma once

#include "storage/sqlite_error.hpp"

#include <sqlite3.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::storage::sqlite {

/// What a connection may do.
enum class access { read_write, read_only };

/// One connection, to be used by one thread at a time.
class connection {
public:
  /// Opens `file`, which read-write access makes if it is absent.
  connection(const std::filesystem::path& file, access mode,
             std::chrono::milliseconds busy_timeout);

  sqlite3* get() const noexcept {
    return db_.get();
  }

  /// Runs statements that give no rows, or whose rows do not matter.
  void exec(const std::string& sql);

  /// The first column of the first row, if there is one.
  std::optional<std::int64_t> integer(std::string_view sql);

private:
  struct closer {
    void operator()(sqlite3* db) const noexcept {
      sqlite3_close_v2(db);
    }
  };

  std::unique_ptr<sqlite3, closer> db_;
};

/// One prepared statement. Parameters and columns are counted from 1 and from 0, as SQLite does.
/// Bound texts are not copied: they must live until the statement has been reset.
class statement {
public:
  statement(connection& db, std::string_view sql);

  template <std::integral T>
  statement& bind(int index, T value) {
    return check(sqlite3_bind_int64(stmt_.get(), index, static_cast<sqlite3_int64>(value)));
  }

  statement& bind(int index, double value) {
    return check(sqlite3_bind_double(stmt_.get(), index, value));
  }

  statement& bind(int index, std::string_view text) {
    return check(sqlite3_bind_text64(stmt_.get(), index, text.empty() ? "" : text.data(),
                                     text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }

  statement& bind_blob(int index, std::string_view bytes) {
    return check(sqlite3_bind_blob64(stmt_.get(), index, bytes.empty() ? "" : bytes.data(),
                                     bytes.size(), SQLITE_STATIC));
  }

  statement& bind(int index, std::nullptr_t) {
    return check(sqlite3_bind_null(stmt_.get(), index));
  }

  /// Binds parameters 1, 2, 3 and so on.
  template <class... Ts>
  statement& bind_all(const Ts&... values) {
    auto index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  /// @returns whether there is a row.
  bool step();

  /// Runs a statement without rows to its end, and makes it ready for the next time.
  void run();

  /// Makes it ready for the next time; the parameters keep their values.
  void reset() noexcept {
    sqlite3_reset(stmt_.get());
  }

  bool is_null(int column) const noexcept {
    return type(column) == SQLITE_NULL;
  }

  int type(int column) const noexcept {
    return sqlite3_column_type(stmt_.get(), column);
  }

  std::int64_t integer(int column) const noexcept {
    return sqlite3_column_int64(stmt_.get(), column);
  }

  double real(int column) const noexcept {
    return sqlite3_column_double(stmt_.get(), column);
  }

  /// Valid until the next step or reset.
  std::string_view text(int column) const;

  /// Valid until the next step or reset.
  std::string_view blob(int column) const;

private:
  statement& check(int code);

  struct finalizer {
    void operator()(sqlite3_stmt* stmt) const noexcept {
      sqlite3_finalize(stmt);
    }
  };

  std::unique_ptr<sqlite3_stmt, finalizer> stmt_;
};

/// Resets a statement when the scope ends, so that it holds no read transaction open.
class reset_guard {
public:
  explicit reset_guard(statement& stmt) : stmt_{stmt} {
  }

  reset_guard(const reset_guard&) = delete;
  reset_guard& operator=(const reset_guard&) = delete;

  ~reset_guard() {
    stmt_.reset();
  }

private:
  statement& stmt_;
};

/// A transaction that is rolled back unless it is committed.
class transaction {
public:
  enum class kind { deferred, immediate };

  transaction(connection& db, kind how);
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction();

  void commit();

private:
  connection& db_;
};

} // namespace atrium::storage::sqlite
