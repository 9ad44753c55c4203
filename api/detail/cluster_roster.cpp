#include "api/detail/cluster_roster.hpp"

#include <utility>

namespace atrium::api::detail {

struct cluster_roster::entry final : runtime::timer_wheel::entry {
  entry(cluster_roster& owner_, std::string node_) : owner{owner_}, node{std::move(node_)} {
  }

  void fire() override {
    owner.leave(std::string{node});
  }

  cluster_roster& owner;
  std::string node;
};

cluster_roster::cluster_roster(runtime::worker& home, std::chrono::milliseconds timeout,
                               std::size_t nodes_max,
                               std::function<void(const std::string&)> on_lost)
  : home_{home},
    timeout_{timeout},
    nodes_max_{nodes_max},
    on_lost_{std::move(on_lost)} {
}

cluster_roster::~cluster_roster() = default;

void cluster_roster::watch(entry& x) {
  home_.timers().arm(x, home_.now() + timeout_);
}

bool cluster_roster::enter(const std::string& node) {
  auto i = nodes_.find(node);
  if (i == nodes_.end()) {
    if (nodes_.size() >= nodes_max_)
      return false;
    i = nodes_.emplace(node, std::make_unique<entry>(*this, node)).first;
  }
  watch(*i->second);
  return true;
}

void cluster_roster::heard(const std::string& node) {
  if (auto i = nodes_.find(node); i != nodes_.end())
    watch(*i->second);
}

void cluster_roster::leave(const std::string& node) {
  if (nodes_.erase(node) > 0)
    on_lost_(node);
}

void cluster_roster::clear() {
  nodes_.clear();
}

std::vector<std::string> cluster_roster::nodes() const {
  std::vector<std::string> result;
  result.reserve(nodes_.size());
  for (const auto& [node, x] : nodes_)
    result.push_back(node);
  return result;
}

} // namespace atrium::api::detail
