#pragma once

#include "schema/error.hpp"

#include <boost/assert/source_location.hpp>

#include <string>

namespace atrium {

/// Why a request was refused: a code for the program, a sentence for whoever sent it.
struct refusal {
  errc code = errc::malformed;
  std::string text;

  friend bool operator==(const refusal&, const refusal&) = default;
};

/// What `checked<T>::value()` throws when there is none.
[[noreturn]] void throw_exception_from_error(const refusal& x, const boost::source_location& where);

/// A value, or the sentence that tells the sender why there is none.
template <class T>
using checked = boost::system::result<T, refusal>;

} // namespace atrium
