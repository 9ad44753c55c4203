#pragma once

#include "net/engine/options.hpp"
#include "schema/frame_codec.hpp"
#include "schema/msgpack.hpp"
#include "schema/socket_packet.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace atrium::api {

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

  static net::engine::options default_engine() {
    net::engine::options result;
    result.path = "/socket.io";
    return result;
  }
};

} // namespace atrium::api
