#include "storage/sqlite_error.hpp"

#include <cerrno>

namespace atrium::storage::sqlite {

namespace {

/// What a write that failed means for the next one.
errc classify_write(int os_error) {
  switch (os_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return errc::storage_full;
    case EROFS: return errc::storage_read_only;
    default: return errc::storage_failed;
  }
}

errc classify(const error& x) {
  switch (x.code() & 0xff) {
    case SQLITE_FULL: return errc::storage_full;
    case SQLITE_IOERR: return classify_write(x.os_error());
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PERM: return errc::storage_read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return errc::storage_corrupt;
    case SQLITE_TOOBIG: return errc::limit_exceeded;
    case SQLITE_CANTOPEN:
      return x.os_error() == EACCES || x.os_error() == EROFS || x.os_error() == EPERM
               ? errc::storage_read_only
               : errc::storage_failed;
    default: return errc::storage_failed;
  }
}

const char* advice(errc code, int primary) {
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
    return "another program holds its lock; close it";
  switch (code) {
    case errc::storage_full: return "make room on the disk";
    case errc::storage_read_only:
      return "make the data folder and its files writable for the user that runs the hub";
    case errc::storage_corrupt: return "move the file away and restore a backup";
    default: return nullptr;
  }
}

} // namespace

void raise(sqlite3* db, int code) {
  // SQLite keeps the system's error of some calls only; that of a write that failed still stands.
  auto os_error = errno;
  if (db == nullptr)
    throw error{code, 0, sqlite3_errstr(code)};
  auto text = std::string{};
  if (auto file = sqlite3_db_filename(db, "main"); file != nullptr && *file != '\0')
    text = std::string{file} + ": ";
  text += sqlite3_errmsg(db);
  if (auto kept = sqlite3_system_errno(db); kept != 0)
    os_error = kept;
  throw error{sqlite3_extended_errcode(db), os_error, text};
}

void raise_corrupt(const std::string& what) {
  throw error{SQLITE_CORRUPT, 0, what};
}

failure to_failure(const error& x) {
  auto code = classify(x);
  auto text = std::string{x.what()};
  if (auto hint = advice(code, x.code() & 0xff))
    text.append("; ").append(hint);
  return {code, std::move(text)};
}

} // namespace atrium::storage::sqlite
