#include "actors/recovery.hpp"

#include <algorithm>
#include <utility>

namespace atrium {

std::string_view to_string(recovery_refusal x) noexcept {
  switch (x) {
    case recovery_refusal::none: return "none";
    case recovery_refusal::unknown_session: return "unknown session";
    case recovery_refusal::expired: return "expired";
    case recovery_refusal::packets_lost: return "packets lost";
    case recovery_refusal::too_much_missed: return "too much missed";
  }
  return "none";
}

namespace {

packet_log_limits log_limits(const recovery_limits& x) {
  return {x.max_disconnection + x.notice_max, x.packets_max, x.bytes_max};
}

/// Whom a session's client is, for packets that went to others as well.
class addressee {
public:
  explicit addressee(const storage::saved_session& x) : session_{x} {
    for (auto& topic : x.watches)
      if (auto parsed = pattern::parse(std::string_view{topic.text}))
        patterns_.emplace_back(topic.channel, std::move(*parsed));
  }

  bool gets(const storage::logged_packet& x) const {
    if (x.topic)
      return std::ranges::any_of(patterns_, [&](auto& y) {
        return y.first == x.topic->channel && y.second.matches(x.topic->text);
      });
    auto in = [this](const std::string& room) { return is_in(room); };
    return (x.rooms.empty() || std::ranges::any_of(x.rooms, in))
           && std::ranges::none_of(x.except, in);
  }

private:
  bool is_in(const std::string& room) const {
    return room == session_.sid || std::ranges::find(session_.rooms, room) != session_.rooms.end();
  }

  const storage::saved_session& session_;
  std::vector<std::pair<std::uint8_t, pattern>> patterns_;
};

} // namespace

recovery::recovery(recovery_setup x)
  : limits_{x.limits},
    nsp_{std::move(x.nsp)},
    offsets_{std::move(x.offsets)},
    log_{log_limits(limits_), std::move(x.saved.marks), std::move(x.saved.packets), x.run},
    book_{std::move(x.saved.sessions)},
    backlog_{std::move(x.backlog)},
    losses_{backlog_ ? backlog_->losses.load() : 0} {
  // A namespace that nothing was kept of may have had a predecessor of the same name.
  clear_ = log_.next() == 1;
  expire(x.now);
}

// -- packets -------------------------------------------------------------------------

void recovery::log(const packet_offset& offset, frame_ptr what, const selection& to, epoch_ms now) {
  log({0, offset, now, std::move(what), to.rooms, to.except, std::nullopt});
}

void recovery::log(const packet_offset& offset, frame_ptr what, topic_channel channel,
                   std::string_view topic, epoch_ms now) {
  log({0,
       offset,
       now,
       std::move(what),
       {},
       {},
       storage::saved_topic{static_cast<std::uint8_t>(channel), std::string{topic}}});
}

void recovery::log(storage::logged_packet x) {
  auto& kept = log_.append(std::move(x));
  if (keeps()) {
    packets_.push_back(kept);
    dirty_ = true;
  }
  bound();
}

void recovery::bound() {
  while (bytes() > limits_.bytes_max) {
    if (log_.drop_oldest())
      continue;
    auto pid = book_.drop_oldest();
    if (! pid)
      return;
    gone(std::move(*pid));
  }
}

void recovery::published(sequence first, std::size_t count) {
  auto& last = log_.marks().published;
  if (last > 0 && first > last + 1 && wanted()) {
    while (log_.drop_oldest()) {
      // A client that got one of these has to begin anew, too.
    }
    while (auto pid = book_.drop_oldest())
      gone(std::move(*pid));
  }
  auto end = first + count - 1;
  if (end > last) {
    last = end;
    dirty_ = dirty_ || (keeps() && wanted());
  }
}

void recovery::expire(epoch_ms now) {
  log_.expire(now);
  book_.expire(now - limits_.max_disconnection.count(), limits_.sessions_max,
               [this](std::string pid) { gone(std::move(pid)); });
}

// -- sessions --------------------------------------------------------------------------

void recovery::changed(const session& x) {
  if (! keeps())
    return;
  changed_.push_back(x.kept.pid);
  dirty_ = true;
}

void recovery::gone(std::string pid) {
  if (! keeps())
    return;
  gone_.push_back(std::move(pid));
  dirty_ = true;
}

void recovery::close(session& x, std::string data, epoch_ms now) {
  x.kept.data = std::move(data);
  book_.close(x, now);
  changed(x);
  expire(now);
  bound();
}

void recovery::erase(session& x) {
  gone(x.kept.pid);
  book_.erase(x);
}

recovery_refusal recovery::missed_by(const session& x, const std::optional<std::string>& offset,
                                     epoch_ms now, std::vector<frame_ptr>& out) const {
  auto closed = x.kept.closed.value_or(now);
  if (closed < now - limits_.max_disconnection.count())
    return recovery_refusal::expired;
  std::optional<packet_offset> last;
  if (offset) {
    last = parse_packet_offset(*offset);
    if (! last)
      return recovery_refusal::packets_lost;
  }
  auto from = log_.resume(last, x.kept.since, closed - limits_.notice_max.count());
  if (! from)
    return recovery_refusal::packets_lost;
  const addressee client{x.kept};
  std::size_t bytes = 0;
  for (auto i = *from; i < log_.next(); ++i) {
    auto& packet = log_.at(i);
    if (! client.gets(packet))
      continue;
    bytes += packet_log::bytes_of(packet);
    if (bytes > limits_.replay_bytes_max)
      return recovery_refusal::too_much_missed;
    out.push_back(packet.what);
  }
  return recovery_refusal::none;
}

// -- for the writer ----------------------------------------------------------------------

storage::recovery_batch_ptr recovery::take_batch(const fill_row& fill, epoch_ms now) {
  if (! keeps())
    return nullptr;
  auto lost = backlog_->losses.load(std::memory_order_relaxed);
  clear_ = clear_ || lost != losses_;
  losses_ = lost;
  if (! dirty_ && ! clear_)
    return nullptr;
  if (backlog_->bytes.load(std::memory_order_relaxed) > limits_.bytes_max) {
    // The writer cannot follow: what it holds is of no use, and it gets everything anew later.
    packets_.clear();
    clear_ = true;
    return nullptr;
  }
  auto x = std::make_shared<storage::recovery_batch>();
  x->nsp = nsp_;
  x->clear = clear_;
  if (clear_) {
    kept_since_ = now;
    packets_.clear();
    changed_ = book_.pids();
  }
  x->marks = log_.marks();
  x->marks.complete_since = std::max(x->marks.complete_since, kept_since_);
  x->first = log_.first();
  x->packets = std::exchange(packets_, {});
  std::ranges::sort(changed_);
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  for (auto& pid : std::exchange(changed_, {}))
    if (auto* found = book_.find(pid)) {
      auto& row = x->sessions.emplace_back(found->kept);
      if (! found->away())
        fill(*found, row);
    }
  x->gone = std::exchange(gone_, {});
  dirty_ = clear_ = false;
  std::size_t bytes = 0;
  for (auto& packet : x->packets)
    bytes += packet_log::bytes_of(*packet);
  backlog_->bytes.fetch_add(bytes, std::memory_order_relaxed);
  return x;
}

} // namespace atrium
