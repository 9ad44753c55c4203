#pragma once

#include "actors/lane_types.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atrium::api {

namespace asio = boost::asio;

namespace detail {
class namespace_core;
}

/// Whom something is meant for, and how it may be treated.
struct broadcast_options {
  selection to;
  bool is_volatile = false;
  bool compress = true;
  /// This node only.
  bool local = false;
  /// How long acknowledgements may take; unset: `server_options::broadcast_ack_timeout`.
  std::optional<std::chrono::milliseconds> timeout;
};

/// What a broadcast, or an event for other servers, got back.
struct broadcast_answers {
  /// The first argument of each acknowledgement, in the order in which they came.
  std::vector<json::value> responses;
  /// Whether some did not answer in time.
  bool timed_out = false;
};

/// What one namespace asks of the servers that share it: its own rooms, and the same namespace on
/// other nodes. In memory by default (`memory_adapter`); a cluster has one of its own, which
/// derives from that and speaks to the other nodes too. `tests/api/adapter_suite.hpp` holds what
/// every implementation promises.
///
/// Members may be called on any thread, coroutines are awaited on a worker. What one handler asks
/// for before it first suspends happens in that order for each receiver.
class adapter {
public:
  adapter() = default;
  adapter(const adapter&) = delete;
  adapter& operator=(const adapter&) = delete;
  virtual ~adapter() = default;

  // -- rooms of this node --------------------------------------------------------------

  /// A socket of this node joins rooms, or leaves them.
  virtual void add_all(const socket_name& who, const room_names& rooms) = 0;
  virtual void del(const socket_name& who, const room_names& rooms) = 0;
  /// The ids of the selected sockets, of all nodes unless `how.local`.
  virtual asio::awaitable<room_names> sockets(broadcast_options how) = 0;
  /// The rooms of a socket of this node, its id first; nothing when it is not there.
  virtual asio::awaitable<room_names> socket_rooms(socket_name who) = 0;
  /// All rooms of this node but those of ids.
  virtual asio::awaitable<room_names> rooms() = 0;
  /// One more that hears of the rooms of this node.
  virtual void observe(room_observer_ptr x) = 0;

  // -- all nodes, unless `how.local` -------------------------------------------------------

  /// An event, its name first, for all selected sockets, each once.
  virtual void broadcast(const payload& event, const broadcast_options& how) = 0;
  /// The same; the sink is told how many sockets it went to, and each answer.
  virtual void broadcast_with_ack(const payload& event, const broadcast_options& how,
                                  std::chrono::milliseconds timeout, std::shared_ptr<ack_sink> to)
    = 0;
  /// Copies of what is known of the selected sockets. Throws when a node does not answer in time.
  virtual asio::awaitable<std::vector<socket_description>> fetch_sockets(broadcast_options how) = 0;
  /// The selected sockets join rooms, leave them, or are disconnected; with `close`, their
  /// connections with all their namespaces.
  virtual void add_sockets(const broadcast_options& how, const room_names& rooms) = 0;
  virtual void del_sockets(const broadcast_options& how, const room_names& rooms) = 0;
  virtual void disconnect_sockets(const broadcast_options& how, bool close) = 0;

  // -- the other servers -----------------------------------------------------------------

  /// An event for the programs of all other servers.
  virtual void server_side_emit(payload event) = 0;
  /// The same; the first argument of the answer of each, as many as come in time.
  virtual asio::awaitable<broadcast_answers>
  server_side_emit_with_ack(payload event, std::chrono::milliseconds timeout) = 0;
  /// How many servers there are, this one included.
  virtual asio::awaitable<std::size_t> server_count() = 0;

  // -- its life --------------------------------------------------------------------------

  /// The namespace is ready: its handlers stand, and it can be asked for `shared_from_this`. From
  /// now on other nodes may reach it. Does not block.
  virtual void open() {
  }
  /// The namespace ends on this node. Nothing is asked of the adapter afterwards that it may not
  /// ignore. May be called again, and without `open`.
  virtual void close() = 0;
  /// After `close`: completes when nothing that other nodes ask for runs here any more.
  virtual asio::awaitable<void> closed() {
    co_return;
  }
};

/// Makes the adapter of a namespace, which outlives it: to be handed on to `memory_adapter`. Called
/// while the namespace is made: nothing may be asked of it until `open`.
using adapter_factory = std::function<std::unique_ptr<adapter>(detail::namespace_core&)>;

} // namespace atrium::api
