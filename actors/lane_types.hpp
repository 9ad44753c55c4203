#pragma once

#include "schema/frame.hpp"
#include "schema/packet_offset.hpp"
#include "schema/payload.hpp"
#include "schema/state.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What connections, rooms and namespaces say to each other, apart from handles.

namespace atrium {

/// The 20 characters that name a socket in its namespace.
using socket_name = std::string;

using room_names = std::vector<std::string>;

/// A socket among those of its connection; chosen by the connection, not reused while it lives.
using socket_number = std::uint32_t;

/// Whom something is meant for: the sockets in any of `rooms` (all sockets when empty), less those
/// in any of `except`. The id of a socket is a room with that socket alone.
struct selection {
  room_names rooms;
  room_names except;
};

/// Waits for the acknowledgements of one event that went to several sockets. Shared by their
/// connections: its members may be called on any thread.
class ack_sink {
public:
  virtual ~ack_sink() = default;
  /// The event went to so many sockets, on all servers together. Called once.
  virtual void expect(std::uint64_t sockets) = 0;
  /// One socket has answered; it may do so before `expect`.
  virtual void answer(payload args) = 0;
  /// So many of them will not answer any more, because their server has gone. Whoever does not care
  /// waits for its deadline.
  virtual void lost(std::uint64_t) {
  }
};

/// An event with an acknowledgement id, the same for all receivers.
struct ack_request {
  frame_ptr what;
  std::uint64_t id = 0;
  std::shared_ptr<ack_sink> sink;
  /// After this the connection forgets the request, in milliseconds from its arrival.
  std::uint32_t timeout_ms = 0;
};

/// Hears which rooms come and go in one namespace, and who is in them; the id of a socket is a room
/// too. Called on the worker of the namespace, in this order: created, joined, …, left, deleted. A
/// socket that goes leaves its rooms in the order in which it joined them.
class room_observer {
public:
  virtual ~room_observer() = default;
  virtual void created(const std::string& room) = 0;
  virtual void joined(const std::string& room, const socket_name& who) = 0;
  virtual void left(const std::string& room, const socket_name& who) = 0;
  virtual void deleted(const std::string& room) = 0;
};

using room_observer_ptr = std::shared_ptr<room_observer>;

/// Topics of different channels have nothing to do with each other.
enum class topic_channel : std::uint8_t { states, objects };

constexpr std::size_t topic_channels = 2;

/// Frames under topics; shared by all namespaces that publish it. Members may be called on any
/// thread, but by one namespace at a time for each `wire`.
class publication {
public:
  virtual ~publication() = default;
  virtual std::size_t size() const noexcept = 0;
  virtual topic_channel channel(std::size_t i) const noexcept = 0;
  virtual std::string_view topic(std::size_t i) const noexcept = 0;
  /// Encodes the frame for item `i`; called only when somebody watches its topic. `offset` is its
  /// last argument, unless it is empty.
  virtual frame_ptr encode(std::size_t i, std::string_view offset) const = 0;
  /// The sequence of the first item in a journal without gaps; 0: it comes from none. Whoever
  /// publishes a journal leaves nothing out, or clients that come back begin anew.
  virtual sequence first() const noexcept {
    return 0;
  }
};

using publication_ptr = std::shared_ptr<const publication>;

/// Why the state of a client that came back could not be recovered.
enum class recovery_refusal : std::uint8_t {
  none,
  /// Nobody knows the session: it has ended, it is too long ago, or there were too many.
  unknown_session,
  /// The session was kept, but the client came back too late.
  expired,
  /// Some of what it missed may no longer be kept.
  packets_lost,
  /// It missed more than fits into its outbox.
  too_much_missed,
};

inline constexpr std::size_t recovery_refusals = 5;

/// "unknown session" and so on; a literal.
std::string_view to_string(recovery_refusal x) noexcept;

/// What a socket watches in one channel.
struct topic_watch {
  topic_channel channel = topic_channel::states;
  std::string pattern;

  friend bool operator==(const topic_watch&, const topic_watch&) = default;
};

/// A session whose client has come back, or why there is none.
struct restored {
  recovery_refusal refusal = recovery_refusal::none;
  /// The socket's id, which it keeps.
  socket_name id;
  room_names rooms;
  std::vector<topic_watch> watches;
  /// The program's data as JSON text; may be empty.
  std::string data;
  /// What was emitted to it since its client was lost, in order.
  std::vector<frame_ptr> missed;
};

/// What a program elsewhere may know of a socket: a copy.
struct socket_description {
  socket_name id;
  room_names rooms;
  json::value handshake;
  json::value data;
  /// The socket itself, for the program that knows its type, and on its own node only.
  std::shared_ptr<void> local;
};

/// How big a namespace is.
struct namespace_stats {
  std::uint64_t sockets = 0;
  std::uint64_t rooms = 0;
  std::uint64_t watches = 0;
  /// What is kept for clients that may come back: sessions of those that are away, packets, and
  /// roughly the bytes of both.
  std::uint64_t sessions_away = 0;
  std::uint64_t packets_kept = 0;
  std::uint64_t bytes_kept = 0;
};

} // namespace atrium

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::frame_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::selection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::topic_channel)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::ack_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::room_observer_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::publication_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::restored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::socket_description)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::namespace_stats)
