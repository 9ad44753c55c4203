#pragma once

#include <string>

namespace atrium::net::engine {

/// 20 unguessable characters of `[A-Za-z0-9_-]`. Thread-safe.
/// @throws std::system_error if the system has no random bytes.
std::string random_id();

} // namespace atrium::net::engine
