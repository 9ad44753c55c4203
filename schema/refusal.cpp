#include "schema/refusal.hpp"

#include <stdexcept>

namespace atrium {

void throw_exception_from_error(const refusal& x, const boost::source_location&) {
  throw std::invalid_argument{x.text};
}

} // namespace atrium
