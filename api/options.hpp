#pragma once

#include "api/adapter.hpp"
#include "net/engine/options.hpp"
#include "schema/frame_codec.hpp"
#include "schema/msgpack.hpp"
#include "schema/socket_packet.hpp"
#include "storage/recovery_store.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace atrium::api {

/// Connection state recovery: a client that lost its connection comes back to its socket with the
/// same id, rooms and data, and gets what was emitted to it meanwhile. Every event without an
/// acknowledgement that is not volatile then has one more argument, which the client needs for it.
struct recovery_options {
  /// How long a client may be away.
  std::chrono::milliseconds max_disconnection{120'000};
  /// Whether the middlewares of the namespace are left out for a client that is recovered.
  bool skip_middlewares = true;
  /// What each namespace keeps: packets; what these and the sessions take, in bytes; sessions of
  /// clients that are away. Beyond, the oldest go, and their clients begin anew.
  std::size_t packets_max = 100'000;
  std::size_t bytes_max = 33'554'432;
  std::size_t sessions_max = 20'000;
  /// Keeps it all for the next start as well; null: for this run only.
  storage::recovery_store_ptr store;
  /// How long what is new may wait before it is written, so that much is written at once. What
  /// the death of the process can lose.
  std::chrono::milliseconds commit_interval{10};
  /// false: what blocks runs on the workers; for tests only.
  bool detached = true;
};

/// Everything a Socket.IO server can be told; defaults as in the reference, but for limits that it
/// lacks.
struct server_options {
  /// The transports below; its path is `/socket.io` here.
  net::engine::options engine = default_engine();
  /// The folder of the client's bundles, as `web/client/bundles.mjs` makes it, which are served
  /// below the path; empty serves none. If they are not there, the log says so and none are served.
  std::string client_folder;
  /// A client that joined no namespace by then is closed.
  std::chrono::milliseconds connect_timeout{45'000};
  /// What a packet from outside may have.
  socket_packet_limits packets;
  /// What the attachments of one packet may have together.
  std::size_t attachment_bytes_max = 16'000'000;
  /// The parser; its clients must use the same.
  packet_wire wire = packet_wire::json;
  /// What a msgpack packet from outside may have.
  msgpack_limits msgpack;
  /// A connection stops reading while this many of its coroutine handlers have not finished.
  std::size_t events_in_flight_max = 256;
  /// Asked after each event, on any worker: while it says yes, connections that send events stop
  /// reading, and it is asked again every few milliseconds. Unset: never.
  std::function<bool()> congested;
  /// Events that one socket sent and that wait for their acknowledgement; more are refused.
  std::size_t acks_waiting_max = 10'000;
  /// Sessions of one address that have not joined a namespace yet; more are closed as they open.
  std::size_t handshakes_per_address_max = 10'000;
  /// The same for all addresses together.
  std::size_t unclaimed_sessions_max = 50'000;
  /// How long a broadcast waits for acknowledgements when no `timeout` was given.
  std::chrono::milliseconds broadcast_ack_timeout{10'000};
  /// Where a server that listens by itself shows its metrics, such as `/metrics`; empty: nowhere.
  std::string metrics_path;
  /// How long the program may take to describe a socket for `fetch_sockets`.
  std::chrono::milliseconds request_timeout{5'000};

  /// Whether a child of a parent namespace goes when its last socket has gone.
  bool cleanup_empty_child_namespaces = false;
  /// Children of all parents together, and the length of a name that a parent is asked about; what
  /// is beyond is refused as an unknown namespace.
  std::size_t dynamic_namespaces_max = 10'000;
  std::size_t dynamic_name_bytes_max = 256;
  /// Makes what reaches the rooms and the other servers; unset: `memory_adapter`.
  adapter_factory adapter;

  /// Off unless set.
  std::optional<recovery_options> recovery;

  static net::engine::options default_engine() {
    net::engine::options result;
    result.path = "/socket.io";
    return result;
  }
};

} // namespace atrium::api
