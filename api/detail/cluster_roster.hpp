#pragma once

#include "actors/runtime/worker.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace atrium::api::detail {

/// The other nodes that are there, each until nothing was heard of it for some time. On the worker
/// of its node only.
class cluster_roster {
public:
  /// @param on_lost is told of each that goes, once it is off the roster.
  cluster_roster(runtime::worker& home, std::chrono::milliseconds timeout, std::size_t nodes_max,
                 std::function<void(const std::string&)> on_lost);
  ~cluster_roster();

  /// A node says that it is there. @returns whether there is room for it.
  bool enter(const std::string& node);
  /// Something was heard of a node; of no interest if it is not there.
  void heard(const std::string& node);
  /// A node says that it goes.
  void leave(const std::string& node);
  void clear();

  std::vector<std::string> nodes() const;
  std::size_t size() const noexcept {
    return nodes_.size();
  }

private:
  struct entry;
  void watch(entry& x);

  runtime::worker& home_;
  std::chrono::milliseconds timeout_;
  std::size_t nodes_max_;
  std::function<void(const std::string&)> on_lost_;
  std::map<std::string, std::unique_ptr<entry>> nodes_;
};

} // namespace atrium::api::detail
