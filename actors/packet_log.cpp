#include "actors/packet_log.hpp"

#include <algorithm>
#include <utility>

namespace atrium {

namespace {

/// What an entry takes besides its texts, roughly.
constexpr std::size_t entry_bytes = 256;

/// Clients of older runs begin anew.
constexpr std::size_t runs_max = 16;

} // namespace

std::size_t packet_log::bytes_of(const storage::logged_packet& x) noexcept {
  auto total = entry_bytes + x.what->head.bytes.size();
  for (auto& part : x.what->attachments)
    total += part.bytes.size();
  for (auto* names : {&x.rooms, &x.except})
    for (auto& name : *names)
      total += name.size();
  return x.topic ? total + x.topic->text.size() : total;
}

packet_log::packet_log(packet_log_limits limits, storage::log_marks marks,
                       std::vector<storage::logged_packet_ptr> packets, std::uint64_t run)
  : limits_{limits},
    marks_{std::move(marks)} {
  for (auto& x : packets) {
    bytes_ += bytes_of(*x);
    auto offset = x->offset;
    packets_.push_back({offset, std::move(x)});
  }
  marks_.runs.push_back({run, 0});
  if (marks_.runs.size() > runs_max)
    marks_.runs.erase(marks_.runs.begin());
}

storage::run_mark* packet_log::run_of(std::uint64_t run) noexcept {
  auto i = std::ranges::find(marks_.runs, run, &storage::run_mark::run);
  return i == marks_.runs.end() ? nullptr : &*i;
}

void packet_log::drop_front() {
  auto& x = packets_.front();
  bytes_ -= bytes_of(*x.what);
  if (auto* run = run_of(x.offset.run))
    run->dropped = std::max(run->dropped, x.offset.number);
  packets_.pop_front();
}

bool packet_log::drop_oldest() {
  if (packets_.empty())
    return false;
  marks_.complete_since = std::max(marks_.complete_since, packets_.front().what->time);
  drop_front();
  return true;
}

void packet_log::expire(epoch_ms now) {
  while (! packets_.empty() && packets_.front().what->time < now - limits_.age_max.count())
    drop_front();
}

const storage::logged_packet_ptr& packet_log::append(storage::logged_packet x) {
  x.position = marks_.next++;
  bytes_ += bytes_of(x);
  auto now = x.time;
  auto offset = x.offset;
  packets_.push_back({offset, std::make_shared<const storage::logged_packet>(std::move(x))});
  expire(now);
  while (packets_.size() > 1
         && (packets_.size() > limits_.packets_max || bytes_ > limits_.bytes_max))
    drop_oldest();
  return packets_.back().what;
}

std::optional<packet_log::position>
packet_log::resume(const std::optional<packet_offset>& last, position since, epoch_ms sure) const {
  if (! last && since >= first())
    return since;
  if (last) {
    // From the end, since clients mostly missed little.
    auto i = std::find_if(packets_.rbegin(), packets_.rend(),
                          [&last](auto& x) { return x.offset == *last; });
    if (i != packets_.rend())
      return i->what->position + 1;
    auto run = std::ranges::find(marks_.runs, last->run, &storage::run_mark::run);
    if (run == marks_.runs.end() || last->number > run->dropped)
      return std::nullopt;
  }
  // What it got last is gone, and so is what came before; the rest it has not got.
  if (marks_.complete_since >= sure)
    return std::nullopt;
  return first();
}

} // namespace atrium
