#include "tests/api/loopback_bus.hpp"

#include "api/cluster_options.hpp"

#include <stdexcept>
#include <utility>

namespace atrium::test {

namespace {

void check(bool broken) {
  if (broken)
    throw std::runtime_error{"the bus is broken"};
}

} // namespace

void loopback_bus::join(const std::string& nsp, const std::string& node, receiver to) {
  nodes_[nsp].emplace_back(node, std::move(to));
}

void loopback_bus::leave(const std::string& nsp, const std::string& node) {
  std::erase_if(nodes_[nsp], [&](auto& x) { return x.first == node; });
}

void loopback_bus::carry(const std::string& node, const receiver& to,
                         const std::string& message) const {
  if (loses) {
    auto x = api::detail::decode_cluster_message(message, api::cluster_options{}.messages);
    if (loses(x.value(), node))
      return;
  }
  to(message);
}

void loopback_bus::publish(const std::string& nsp, std::string message) {
  check(broken);
  for (auto& [node, to] : nodes_[nsp])
    carry(node, to, message);
}

void loopback_bus::send(const std::string& nsp, const std::string& node, std::string message) {
  check(broken);
  for (auto& [name, to] : nodes_[nsp])
    if (name == node)
      carry(node, to, message);
}

std::vector<std::string> loopback_bus::nodes(const std::string& nsp) const {
  std::vector<std::string> result;
  if (auto i = nodes_.find(nsp); i != nodes_.end())
    for (auto& [node, to] : i->second)
      result.push_back(node);
  return result;
}

void loopback_bus::inject(const std::string& node, const std::string& message,
                          const std::string& nsp) {
  for (auto& [name, to] : nodes_.at(nsp))
    if (name == node)
      to(message);
}

} // namespace atrium::test
