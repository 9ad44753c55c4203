#pragma once

#include "schema/frame.hpp"
#include "schema/packet_offset.hpp"
#include "schema/state.hpp"
#include "storage/failure.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What clients of Socket.IO that come back need, over restarts too.

namespace atrium::storage {

/// A topic of `publication`, or a pattern of topics.
struct saved_topic {
  std::uint8_t channel = 0;
  std::string text;

  friend bool operator==(const saved_topic&, const saved_topic&) = default;
};

/// An event that was emitted to sockets of a namespace. Immutable once shared.
struct logged_packet {
  /// Its place in the order in which its namespace sent it; from 1 on.
  std::uint64_t position = 0;
  packet_offset offset;
  epoch_ms time = 0;
  frame_ptr what;
  /// Whom it is for: the sockets in any of `rooms` (all when empty) but those in any of `except`;
  /// with a topic, those who watch it.
  std::vector<std::string> rooms;
  std::vector<std::string> except;
  std::optional<saved_topic> topic;
};

using logged_packet_ptr = std::shared_ptr<const logged_packet>;

/// What is kept of a socket so that its client can come back to it.
struct saved_session {
  /// The name that only its client knows.
  std::string pid;
  /// The id of the socket.
  std::string sid;
  /// The position that was next when it began.
  std::uint64_t since = 0;
  /// When its client was lost; nothing while it is connected.
  std::optional<epoch_ms> closed;
  std::vector<std::string> rooms;
  std::vector<saved_topic> watches;
  /// The program's data as JSON text; may be empty.
  std::string data;
};

/// A run of the server, and the last offset of it that is no longer in the log.
struct run_mark {
  std::uint64_t run = 0;
  std::uint64_t dropped = 0;
};

/// How far the log of a namespace has come.
struct log_marks {
  /// The position of the next packet.
  std::uint64_t next = 1;
  /// Later packets were dropped for their age only.
  epoch_ms complete_since = 0;
  /// The last sequence of a journal that was published; 0 if there is none.
  sequence published = 0;
  /// Oldest first.
  std::vector<run_mark> runs;
};

/// All that is kept of a namespace.
struct saved_namespace {
  log_marks marks;
  /// In the order of their positions.
  std::vector<logged_packet_ptr> packets;
  /// Sorted by the time at which they were closed.
  std::vector<saved_session> sessions;
};

/// What has changed in a namespace since its last batch.
struct recovery_batch {
  std::string nsp;
  /// Whether everything that was kept of it goes first.
  bool clear = false;
  log_marks marks;
  /// Packets before this position go.
  std::uint64_t first = 1;
  std::vector<logged_packet_ptr> packets;
  /// New sessions, and what others have become.
  std::vector<saved_session> sessions;
  /// The pids of those that go.
  std::vector<std::string> gone;
};

using recovery_batch_ptr = std::shared_ptr<const recovery_batch>;

/// Keeps sessions and packets. Used by one thread at a time.
class recovery_store {
public:
  virtual ~recovery_store() = default;

  /// All that is kept, by the name of the namespace; for the start, before the first commit. Time
  /// that has passed while nothing ran does not count: sessions that were connected are closed
  /// `now`, and the newest packet of each namespace is of `now`. Sessions that were closed longer
  /// than `age_max` ago are removed, and namespaces without a session.
  [[nodiscard]] virtual outcome<std::map<std::string, saved_namespace>>
  load(epoch_ms now, std::chrono::milliseconds age_max) = 0;

  /// Applies all of `batches` in their order in one transaction, or none of them.
  [[nodiscard]] virtual outcome<void> commit(std::span<const recovery_batch_ptr> batches) = 0;
};

using recovery_store_ptr = std::shared_ptr<recovery_store>;

/// Opens the database `file`, which is made or migrated; a lock beside it keeps others out. What
/// is committed survives the death of the process, not the loss of power.
[[nodiscard]] outcome<recovery_store_ptr> open_recovery_store(const std::filesystem::path& file);

} // namespace atrium::storage
