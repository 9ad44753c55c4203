#pragma once

#include "config/options.hpp"
#include "schema/error.hpp"

#include <filesystem>
#include <string>

namespace atrium::app {

/// What a request must show.
struct access_token {
  /// Empty: nothing, because the configuration says so or nobody else can reach the hub.
  std::string value;
  /// The file that it was made in just now; empty when it was there before.
  std::filesystem::path made_in;
};

/// Finds the token that `settings` ask for: the configured one, the one in the configured file, or,
/// beyond loopback, the one in the data folder, which is made when missing, readable by its owner
/// only. What goes wrong is logged. Blocks on files.
[[nodiscard]] result<access_token> obtain_token(const config::options& settings);

/// What a person has to know about a token that was just made.
[[nodiscard]] std::string usage_of(const access_token& token, const config::options& settings);

} // namespace atrium::app
