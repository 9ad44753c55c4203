#pragma once

#include "actors/packet_log.hpp"
#include "actors/recovery_counts.hpp"
#include "actors/session_book.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// What bounds the recovery of one namespace.
struct recovery_limits {
  /// How long a client may be away.
  std::chrono::milliseconds max_disconnection{120'000};
  /// How long it may take until the loss of a client is noticed.
  std::chrono::milliseconds notice_max{45'000};
  /// Packets that are kept, and what they and the sessions of clients that are away take.
  std::size_t packets_max = 100'000;
  std::size_t bytes_max = 33'554'432;
  /// Sessions of clients that are away.
  std::size_t sessions_max = 20'000;
  /// What a client that comes back may have missed.
  std::size_t replay_bytes_max = 4'194'304;
};

/// How far the writer is behind the lanes; shared by all of them. Thread-safe.
struct recovery_backlog {
  /// Of the packets that wait for it.
  std::atomic<std::size_t> bytes{0};
  /// How often something that it was sent did not get into its file.
  std::atomic<std::uint32_t> losses{0};
};

/// What a namespace needs to begin with recovery.
struct recovery_setup {
  recovery_limits limits;
  /// The name of the namespace.
  std::string nsp;
  /// Where its run takes its offsets from.
  std::shared_ptr<packet_offsets> offsets;
  std::uint64_t run = 1;
  /// What was kept of earlier runs.
  storage::saved_namespace saved;
  /// Where to keep it; null: nowhere.
  recovery_writer_actor writer;
  std::shared_ptr<recovery_backlog> backlog;
  std::shared_ptr<recovery_counts> counts = std::make_shared<recovery_counts>();
  /// The time.
  epoch_ms now = 0;
};

/// The memory of one namespace for clients that come back: its last packets and its sessions.
/// Gathers what has changed, for the writer. Pure but for the backlog. Not thread-safe.
class recovery {
public:
  using session = session_book::session;

  explicit recovery(recovery_setup x);

  session_book& sessions() noexcept {
    return book_;
  }

  packet_offset next_offset() noexcept {
    return offsets_->next();
  }

  /// Whether anyone may come back, so that packets need be logged.
  bool wanted() const noexcept {
    return book_.size() > 0;
  }

  /// Logs what was sent to a selection, or to those who watch a topic.
  void log(const packet_offset& offset, frame_ptr what, const selection& to, epoch_ms now);
  void log(const packet_offset& offset, frame_ptr what, topic_channel channel,
           std::string_view topic, epoch_ms now);

  /// A journal was published from `first` on, `count` items. After a gap everything is forgotten:
  /// nobody may come back who would not hear of it.
  void published(sequence first, std::size_t count);

  /// What changed in a session is written with the next batch; `gone`: it was erased.
  void changed(const session& x);
  void gone(std::string pid);

  /// A session of the socket in a slot.
  session& open(const std::string& pid, session_book::slot where) {
    return book_.open(pid, log_.next(), where);
  }

  /// The client of a session is lost; rooms and watches were filled in.
  void close(session& x, std::string data, epoch_ms now);
  void erase(session& x);

  /// What the client of a session that is away has missed, in order. @returns why it cannot be
  /// told, if it cannot.
  recovery_refusal missed_by(const session& x, const std::optional<std::string>& offset,
                             epoch_ms now, std::vector<frame_ptr>& out) const;

  /// Drops what has become too old.
  void expire(epoch_ms now);
  /// Whether there is anything that may become too old.
  bool holds_anything() const noexcept {
    return log_.first() != log_.next() || book_.away() > 0;
  }

  /// How many packets are kept, and what they and the sessions of clients that are away take.
  std::size_t packets() const noexcept {
    return log_.next() - log_.first();
  }
  std::size_t bytes() const noexcept {
    return log_.bytes() + book_.bytes();
  }

  /// What has changed since the last call, null if nothing; `fill` adds rooms and watches to the
  /// rows of sessions whose sockets are there.
  using fill_row = std::function<void(const session&, storage::saved_session&)>;
  storage::recovery_batch_ptr take_batch(const fill_row& fill, epoch_ms now);

private:
  void log(storage::logged_packet x);
  void bound();
  bool keeps() const noexcept {
    return backlog_ != nullptr;
  }

  recovery_limits limits_;
  std::string nsp_;
  std::shared_ptr<packet_offsets> offsets_;
  packet_log log_;
  session_book book_;
  std::shared_ptr<recovery_backlog> backlog_; // null: nothing is kept
  // What the next batch holds.
  std::vector<storage::logged_packet_ptr> packets_;
  std::vector<std::string> changed_;
  std::vector<std::string> gone_;
  bool dirty_ = false;
  bool clear_ = false;
  std::uint32_t losses_ = 0;
  epoch_ms kept_since_ = 0; // packets before this time did not all get into the file
};

} // namespace atrium
