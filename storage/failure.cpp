#include "storage/failure.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

namespace atrium::storage {

void throw_exception_from_error(const failure& what, const boost::source_location& at) {
  boost::throw_exception(boost::system::system_error{make_error_code(what.code), what.message}, at);
}

} // namespace atrium::storage
