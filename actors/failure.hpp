#pragma once

#include "actors/interfaces.hpp"
#include "schema/refusal.hpp"
#include "storage/failure.hpp"

#include <caf/error.hpp>

#include <string>

namespace atrium {

/// The error of an actor for what a pure rule or the storage refused; keeps the text.
caf::error to_error(const refusal& x);
caf::error to_error(const storage::failure& x);

/// What a client is told of an error: the text it was made with, else the sentence of its code.
std::string error_text(const caf::error& x);

} // namespace atrium
