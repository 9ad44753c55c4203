#pragma once

#include "api/adapter.hpp"
#include "schema/error.hpp"
#include "schema/msgpack.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::api::detail {

/// What nodes tell each other; the numbers, and the keys on the wire, are those of the reference's
/// cluster adapters.
enum class cluster_message_type : std::uint8_t {
  /// A node has come. It is answered with a heartbeat.
  hello = 1,
  heartbeat,
  /// An event for the selected sockets; with a request, their acknowledgements are wanted, within
  /// the timeout of the options.
  broadcast,
  /// The selected sockets join rooms, leave them, or are disconnected.
  sockets_join,
  sockets_leave,
  disconnect_sockets,
  /// Asks for the selected sockets, and answers.
  fetch_sockets,
  fetched_sockets,
  /// An event for the program; with a request, one acknowledgement is wanted.
  server_side_emit,
  server_side_answer,
  /// To how many sockets a broadcast went; then one answer of a socket each.
  broadcast_count,
  broadcast_answer,
  /// A node goes.
  goodbye,
};

/// One message. Which of the members mean something depends on the type; the others are empty.
struct cluster_message {
  cluster_message_type type = cluster_message_type::heartbeat;
  /// Who sends it, and in which namespace.
  std::string from;
  std::string nsp;
  /// Names a request and its answers: unique in the cluster. Empty when no answer is wanted.
  std::string request;
  /// Whom it is meant for. Never local.
  broadcast_options how;
  /// An event, its name first; or the one value of an answer.
  payload content;
  room_names rooms;
  /// Whether to disconnect with the whole connection.
  bool close = false;
  std::vector<socket_description> sockets;
  std::uint64_t count = 0;
};

/// The MessagePack map of a message, binary inside.
[[nodiscard]] std::string encode_cluster_message(const cluster_message& x);

/// Reads one. Keys that are unknown are ignored. `errc::malformed` for what is not such a message,
/// an event with a name that programs may not emit included; `errc::limit_exceeded` beyond
/// `limits`.
[[nodiscard]] result<cluster_message>
decode_cluster_message(std::string_view bytes, const msgpack_limits& limits);

} // namespace atrium::api::detail
