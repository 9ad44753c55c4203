#include "actors/session_book.hpp"

#include <utility>

namespace atrium {

namespace {

/// What a session takes besides its texts, roughly.
constexpr std::size_t session_bytes = 512;

} // namespace

session_book::session_book(std::vector<storage::saved_session> away) {
  for (auto& kept : away) {
    auto pid = kept.pid;
    auto& x = by_pid_[std::move(pid)];
    x.kept = std::move(kept);
    enter(x);
  }
}

std::size_t session_book::bytes_of(const session& x) noexcept {
  auto total = session_bytes + x.kept.data.size();
  for (auto& room : x.kept.rooms)
    total += sizeof(std::string) + room.size();
  for (auto& topic : x.kept.watches)
    total += sizeof(storage::saved_topic) + topic.text.size();
  return total;
}

session_book::session& session_book::open(std::string pid, std::uint64_t since, slot where) {
  auto& x = by_pid_[pid];
  x.kept.pid = std::move(pid);
  x.kept.since = since;
  x.where = where;
  if (where >= by_slot_.size())
    by_slot_.resize(where + 1);
  by_slot_[where] = &x;
  return x;
}

session_book::session* session_book::find(std::string_view pid) {
  auto i = by_pid_.find(pid);
  return i == by_pid_.end() ? nullptr : &i->second;
}

session_book::session* session_book::at(slot where) noexcept {
  return where < by_slot_.size() ? by_slot_[where] : nullptr;
}

void session_book::enter(session& x) {
  x.place_ = away_.insert(away_.end(), &x);
  bytes_ += bytes_of(x);
  for (auto& topic : x.kept.watches) {
    auto parsed = pattern::parse(std::string_view{topic.text});
    if (topic.channel >= topic_channels || ! parsed)
      continue;
    auto& in = wishes_[topic.channel];
    auto i = in.patterns.add(*parsed);
    if (i >= in.counts.size())
      in.counts.resize(i + 1);
    ++in.counts[i];
  }
}

void session_book::leave(session& x) {
  away_.erase(x.place_);
  bytes_ -= bytes_of(x);
  for (auto& topic : x.kept.watches) {
    if (topic.channel >= topic_channels)
      continue;
    auto& in = wishes_[topic.channel];
    if (auto i = in.patterns.find(topic.text); i && --in.counts[*i] == 0)
      in.patterns.remove(topic.text);
  }
}

void session_book::close(session& x, epoch_ms now) {
  by_slot_[x.where] = nullptr;
  x.kept.closed = now;
  enter(x);
}

void session_book::reopen(session& x, slot where) {
  leave(x);
  x.kept.closed.reset();
  x.kept.rooms.clear();
  x.kept.watches.clear();
  x.where = where;
  if (where >= by_slot_.size())
    by_slot_.resize(where + 1);
  by_slot_[where] = &x;
}

void session_book::erase(session& x) {
  if (x.away())
    leave(x);
  else
    by_slot_[x.where] = nullptr;
  by_pid_.erase(by_pid_.find(x.kept.pid));
}

void session_book::expire(epoch_ms before, std::size_t most,
                          const std::function<void(std::string)>& told) {
  while (! away_.empty() && (*away_.front()->kept.closed < before || away_.size() > most))
    told(*drop_oldest());
}

std::optional<std::string> session_book::drop_oldest() {
  if (away_.empty())
    return std::nullopt;
  auto pid = away_.front()->kept.pid;
  erase(*away_.front());
  return pid;
}

std::vector<std::string> session_book::pids() const {
  std::vector<std::string> result;
  result.reserve(by_pid_.size());
  for (auto& [pid, x] : by_pid_)
    result.push_back(pid);
  return result;
}

bool session_book::watched(topic_channel channel, std::string_view topic) {
  matches_.clear();
  wishes_[static_cast<std::size_t>(channel)].patterns.match(topic, matches_);
  return ! matches_.empty();
}

} // namespace atrium
