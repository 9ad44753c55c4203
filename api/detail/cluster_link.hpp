#pragma once

#include "api/cluster_options.hpp"
#include "api/detail/cluster_message.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace atrium::api::detail {

/// A node's way to the others: fills in who sends, and keeps what a bus throws from those who send.
/// Any thread.
class cluster_link {
public:
  cluster_link(std::string node_, std::string nsp_, cluster_options options_);

  /// To all others.
  void publish(cluster_message x) const noexcept;
  /// To one.
  void send(const std::string& to, cluster_message x) const noexcept;
  /// Tells the program of an error.
  void report(std::string_view what) const noexcept;
  /// Calls `f`, which uses the bus, and reports what it throws.
  void guarded(const std::function<void(cluster_bus&)>& f) const noexcept;

  const std::string node;
  const std::string nsp;
  const cluster_options options;
};

using cluster_link_ptr = std::shared_ptr<const cluster_link>;

} // namespace atrium::api::detail
