#include "actors/failure.hpp"

#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

namespace atrium {

caf::error to_error(const refusal& x) {
  return caf::make_error(x.code, x.text);
}

caf::error to_error(const storage::failure& x) {
  return caf::make_error(x.code, x.message);
}

std::string error_text(const caf::error& x) {
  if (x.category() == caf::atom("atrium")) {
    if (x.context().match_elements<std::string>() && ! x.context().get_as<std::string>(0).empty())
      return x.context().get_as<std::string>(0);
    return to_string(static_cast<errc>(x.code()));
  }
  if (x == caf::sec::request_timeout)
    return "timeout";
  return to_string(errc::actor_down);
}

} // namespace atrium
