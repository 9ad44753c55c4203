#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace atrium::runtime {

/// One step of an orderly stop.
struct stage {
  std::string name;
  /// Stops what belongs to the stage and completes when it has stopped. Cancelled when `grace` is
  /// over.
  std::function<boost::asio::awaitable<void>()> stop;
  std::chrono::milliseconds grace{1000};
};

/// Runs the stages one after the other, each within its grace: one that hangs or throws does not
/// keep the next from running. @returns the names of those that did not complete, in order.
boost::asio::awaitable<std::vector<std::string>> run_stages(std::vector<stage> stages);

} // namespace atrium::runtime
