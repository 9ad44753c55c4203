#pragma once

#include "actors/model_types.hpp"
#include "schema/json.hpp"

#include <string>
#include <string_view>

namespace atrium::net::iobroker {

/// What a command answers: the arguments of the client's callback. Large ones come as text, so that
/// they are encoded once, off the workers, and spliced into the frame as they are.
struct answer {
  json::array args;
  /// When set: the whole argument array as JSON, and `args` is empty.
  text_ptr text;

  /// The arguments as values, for wires that are not JSON; parses the text if need be.
  json::array values() const;
};

/// `(error)`.
answer failed(std::string_view error);

/// `(null, x)`.
answer succeeded(json::value x);

/// `(null)`.
answer succeeded();

/// `(null, x)` for an `x` that is JSON text; `more` is what follows it in the array, with its
/// comma.
answer succeeded_text(std::string_view x, std::string_view more = {});

} // namespace atrium::net::iobroker
