#pragma once

#include "actors/start.hpp"
#include "config/options.hpp"

#include <string>

namespace atrium::app {

/// The options of the model as the configuration has them. @param host the name of the machine.
model_options model_settings(const config::options& settings, std::string host);

} // namespace atrium::app
