#pragma once

#include "schema/error.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace atrium::storage {

/// Why the storage could not do something: a code for programs and a text for people, which names
/// the file and says what to do where something can be done.
struct failure {
  errc code = errc::storage_failed;
  std::string message;

  /// Whether writing may work again later without a restart (full, read-only, busy).
  bool temporary() const noexcept {
    return code == errc::storage_full || code == errc::storage_read_only;
  }
};

/// A value, or the failure with its text. A storage error needs its text where it is reported, and
/// `open` has no object yet that could keep it, so the text travels with the error.
template <class T>
using outcome = boost::system::result<T, failure>;

/// Makes `outcome::value()` throw a `boost::system::system_error`.
[[noreturn]] void throw_exception_from_error(const failure& what, const boost::source_location& at);

} // namespace atrium::storage
