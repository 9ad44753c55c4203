#pragma once

#include "actors/runtime/worker.hpp"
#include "api/detail/cluster_message.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace atrium::api::detail {

using socket_descriptions = std::vector<socket_description>;

/// Something that this node has asked the others. Everything on the worker of the node.
class cluster_request {
public:
  virtual ~cluster_request() = default;
  /// One of those who were asked has answered. @returns whether that was all it has to say.
  virtual bool take(cluster_message& x) = 0;
  /// One of them has gone before it said all.
  virtual void lose(const std::string&) {
  }
  /// The last call: all have answered or gone, or, if not `whole`, the time is over.
  virtual void finish(bool whole) = 0;
};

/// The sockets of the others; `errc::timeout` when some of them do not answer.
class fetch_request final : public cluster_request {
public:
  using promise = caf::typed_response_promise<socket_descriptions>;
  explicit fetch_request(promise to) : to_{std::move(to)} {
  }
  bool take(cluster_message& x) override;
  void finish(bool whole) override;

private:
  promise to_;
  socket_descriptions got_;
};

/// What the programs of the others answer to an event.
class emit_request final : public cluster_request {
public:
  using promise = caf::typed_response_promise<broadcast_answers>;
  explicit emit_request(promise to) : to_{std::move(to)} {
  }
  bool take(cluster_message& x) override;
  void finish(bool whole) override;

private:
  promise to_;
  broadcast_answers got_;
};

/// What the sockets of the others answer to a broadcast. Whoever waits keeps its own deadline.
class ack_collection final : public cluster_request {
public:
  ack_collection(std::shared_ptr<ack_sink> to, const std::vector<std::string>& nodes);
  bool take(cluster_message& x) override;
  void lose(const std::string& node) override;
  void finish(bool whole) override;

private:
  struct tally {
    std::optional<std::uint64_t> sockets;
    std::uint64_t answers = 0;
  };
  void told(tally& x, std::uint64_t sockets);

  std::shared_ptr<ack_sink> to_;
  std::map<std::string, tally> nodes_;
  std::size_t untold_;
  std::uint64_t expected_ = 0;
};

/// The requests of one node that wait. On its worker only.
class cluster_requests {
public:
  explicit cluster_requests(runtime::worker& home) noexcept;
  ~cluster_requests();

  /// Waits for these nodes; finishes at once when there are none.
  void add(const std::string& id, std::unique_ptr<cluster_request> x,
           std::vector<std::string> nodes, std::chrono::milliseconds timeout);
  /// An answer; ignored unless it is waited for.
  void answer(cluster_message& x);
  /// A node has gone, or all have.
  void lose(const std::string& node);
  void lose_all();

private:
  struct entry;
  void finish(const std::string& id, bool whole);

  runtime::worker& home_;
  std::unordered_map<std::string, std::unique_ptr<entry>> waiting_;
};

} // namespace atrium::api::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::broadcast_answers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::detail::socket_descriptions)
