#pragma once

#include "schema/frame.hpp"
#include "schema/payload.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

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
  /// The event went to so many sockets. Called once for each namespace that it went to: one for
  /// each server.
  virtual void expect(std::uint64_t sockets) = 0;
  /// One socket has answered.
  virtual void answer(payload args) = 0;
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
  /// Encodes the frame for item `i`; called only when somebody watches its topic.
  virtual frame_ptr encode(std::size_t i) const = 0;
};

using publication_ptr = std::shared_ptr<const publication>;

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
};

} // namespace atrium

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::frame_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::selection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::topic_channel)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::ack_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::room_observer_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::publication_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::socket_description)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::namespace_stats)
