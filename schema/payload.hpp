#pragma once

#include "schema/json.hpp"

#include <string>
#include <vector>

namespace atrium {

/// The arguments of an event (its name comes first) or of an acknowledgement, in the shape that the
/// wire gives them: binary inside `args` is a placeholder (`schema/placeholder.hpp`) for one of
/// `attachments`. Without attachments, what looks like a placeholder is plain data.
struct payload {
  json::array args;
  std::vector<std::string> attachments;
};

} // namespace atrium
