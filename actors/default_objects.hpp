#pragma once

#include "schema/json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace atrium {

/// The objects that ioBroker's pages expect of every installation, for a machine of this name. The
/// installation's uuid is a new one at each call.
std::vector<json::object> default_objects(const std::string& host);

/// The values that go with them: the host and the instances are alive.
std::vector<std::pair<std::string, json::value>> default_states(const std::string& host);

} // namespace atrium
