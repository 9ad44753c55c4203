#pragma once

#include "actors/interfaces.hpp"
#include "actors/room_index.hpp"
#include "schema/pattern_index.hpp"
#include "schema/text_map.hpp"
#include "storage/recovery_store.hpp"

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// The sessions of one namespace that clients may come back to, by their pids: those whose sockets
/// are there, and those whose clients are away. Not thread-safe.
class session_book {
public:
  using slot = room_index::slot;

  struct session {
    /// `closed` is set while its client is away; only then rooms and watches are kept here.
    storage::saved_session kept;
    /// The socket, while there is one.
    slot where = 0;
    /// The client that has come back while the socket was still there.
    std::unique_ptr<restore_request> waiting;

    bool away() const noexcept {
      return kept.closed.has_value();
    }

  private:
    friend class session_book;
    std::list<session*>::iterator place_; // among those that are away
  };

  explicit session_book(std::vector<storage::saved_session> away);
  session_book(const session_book&) = delete;
  session_book& operator=(const session_book&) = delete;

  /// A session of the socket in a slot.
  session& open(std::string pid, std::uint64_t since, slot where);

  session* find(std::string_view pid);
  /// The session of the socket in a slot, or null.
  session* at(slot where) noexcept;

  /// Its client is away from now on; rooms, watches and data were filled in.
  void close(session& x, epoch_ms now);
  /// Its client is back, as the socket in a slot.
  void reopen(session& x, slot where);
  void erase(session& x);

  /// Removes the sessions that were closed before `before`, and the oldest while there are more
  /// than `most`; calls `told` with the pid of each.
  void expire(epoch_ms before, std::size_t most, const std::function<void(std::string)>& told);
  /// Removes the one that was closed first. @returns its pid; nothing if none is away.
  std::optional<std::string> drop_oldest();
  /// The pids of all sessions.
  std::vector<std::string> pids() const;

  /// Whether any client that is away watches a topic.
  bool watched(topic_channel channel, std::string_view topic);

  std::size_t away() const noexcept {
    return away_.size();
  }
  /// What those that are away hold, roughly.
  std::size_t bytes() const noexcept {
    return bytes_;
  }
  std::size_t size() const noexcept {
    return by_pid_.size();
  }

private:
  /// What the clients that are away watch in one channel, each pattern with their number.
  struct wishes {
    pattern_index patterns;
    std::vector<std::size_t> counts; // by the slot of a pattern
  };

  void enter(session& x);
  void leave(session& x);
  static std::size_t bytes_of(const session& x) noexcept;

  text_map<session> by_pid_;
  std::vector<session*> by_slot_;
  std::list<session*> away_; // those that were closed first come first
  std::array<wishes, topic_channels> wishes_;
  std::vector<pattern_index::slot> matches_;
  std::size_t bytes_ = 0;
};

} // namespace atrium
