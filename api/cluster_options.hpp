#pragma once

#include "api/cluster_bus.hpp"
#include "schema/msgpack.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace atrium::api {

/// How a server takes part in a cluster. All its nodes should have the same times.
struct cluster_options {
  /// What connects the nodes; required. It is shared by all namespaces and may outlive the server.
  std::shared_ptr<cluster_bus> bus;
  /// How often a node says that it is there.
  std::chrono::milliseconds heartbeat_interval{5'000};
  /// A node that was silent for so long is taken to be gone, until it is heard of again.
  std::chrono::milliseconds heartbeat_timeout{10'000};
  /// How many other nodes one namespace may have; those beyond are not waited for, which is an
  /// error.
  std::size_t nodes_max = 1'000;
  /// How deep a message may nest, and how many keys and attachments it may have; one that has more
  /// is an error. They wrap what clients and programs emit, whose limits should be lower.
  msgpack_limits messages{520, 10'000, 10'000};
  /// Told of each error: a message that cannot be read or is for another namespace, a bus that
  /// threw, one node too many. On any thread; unset: they are written to the log.
  std::function<void(std::string_view nsp, std::string_view what)> on_error;
};

/// What one node has seen.
struct cluster_stats {
  /// The other nodes that are there.
  std::uint64_t nodes = 0;
  /// Messages that could not be read.
  std::uint64_t malformed = 0;
  /// Messages for other namespaces.
  std::uint64_t foreign = 0;
};

} // namespace atrium::api
