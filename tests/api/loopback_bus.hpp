#pragma once

#include "api/cluster_bus.hpp"
#include "api/detail/cluster_message.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace atrium::test {

/// A bus for servers on one simulated system, with faults. It gives senders their own messages
/// back, as some transports do.
class loopback_bus final : public api::cluster_bus {
public:
  void join(const std::string& nsp, const std::string& node, receiver to) override;
  void leave(const std::string& nsp, const std::string& node) override;
  void publish(const std::string& nsp, std::string message) override;
  void send(const std::string& nsp, const std::string& node, std::string message) override;

  /// The nodes of a namespace.
  std::vector<std::string> nodes(const std::string& nsp = "/") const;
  /// Hands a message to one node, whoever sent it.
  void inject(const std::string& node, const std::string& message, const std::string& nsp = "/");

  /// Whether a message is lost on its way to a node; unset: none is.
  std::function<bool(const api::detail::cluster_message& what, const std::string& to)> loses;
  /// Whether everything throws.
  bool broken = false;

private:
  void carry(const std::string& node, const receiver& to, const std::string& message) const;

  /// By namespace, in the order in which they joined.
  std::map<std::string, std::vector<std::pair<std::string, receiver>>> nodes_;
};

} // namespace atrium::test
