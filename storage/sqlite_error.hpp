#pragma once

#include "storage/failure.hpp"

#include <sqlite3.h>

#include <concepts>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace atrium::storage::sqlite {

/// Any failure of SQLite. Thrown within the storage layer only; `guarded` turns it into a
/// `failure`.
class error : public std::runtime_error {
public:
  error(int code, int os_error, const std::string& what)
    : std::runtime_error{what},
      code_{code},
      os_error_{os_error} {
  }

  /// The extended result code.
  int code() const noexcept {
    return code_;
  }

  /// The operating system's error number behind it, or 0.
  int os_error() const noexcept {
    return os_error_;
  }

private:
  int code_;
  int os_error_;
};

/// Throws what `db` last complained about.
[[noreturn]] void raise(sqlite3* db, int code);

/// Throws that the contents are not what Atrium wrote.
[[noreturn]] void raise_corrupt(const std::string& what);

/// What an error means to a program and to a person.
failure to_failure(const error& x);

/// `outcome<T>`, of a T that may itself be an outcome.
template <class T>
struct flat_outcome {
  using type = outcome<T>;
};

template <class T>
struct flat_outcome<outcome<T>> {
  using type = outcome<T>;
};

/// Runs `f` and returns its result, or the failure that it threw.
template <std::invocable F>
auto guarded(F f) -> typename flat_outcome<decltype(f())>::type {
  try {
    if constexpr (std::is_void_v<decltype(f())>) {
      f();
      return {};
    } else {
      return f();
    }
  } catch (const error& x) {
    return to_failure(x);
  }
}

} // namespace atrium::storage::sqlite
