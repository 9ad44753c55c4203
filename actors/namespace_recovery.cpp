// How the clients of a namespace come back to their sessions.
#include "actors/namespace.hpp"

#include <utility>

namespace atrium {

namespace {

/// How often what is too old is dropped when nothing else happens.
constexpr std::chrono::milliseconds purge_interval{10'000};

} // namespace

namespace_lane::memory::memory(runtime::worker& home, recovery_setup x)
  : writer{x.writer},
    counts{x.counts},
    purge{home},
    wall_start{x.now},
    start{home.now()},
    state{std::move(x)} {
}

epoch_ms namespace_lane::now() const {
  auto passed = home().now() - memory_->start;
  return memory_->wall_start
         + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
}

// -- sessions come and go --------------------------------------------------------------

void namespace_lane::open_session(const socket_name& who, const member& where,
                                  const std::string& pid) {
  auto i = index_.add(who, where);
  if (! i || ! memory_)
    return;
  auto& x = memory_->state.open(pid, *i);
  memory_->state.changed(x);
}

void namespace_lane::end_session(slot i) {
  auto* x = memory_->state.sessions().at(i);
  if (! x)
    return;
  if (auto waiting = std::move(x->waiting))
    refuse(*waiting, recovery_refusal::unknown_session);
  memory_->state.erase(*x);
}

void namespace_lane::session_changed(slot i) {
  if (auto* x = memory_->state.sessions().at(i))
    memory_->state.changed(*x);
}

void namespace_lane::save(const socket_name& who, const std::string& data) {
  auto i = index_.find(who);
  auto* x = i && memory_ ? memory_->state.sessions().at(*i) : nullptr;
  if (! x)
    return;
  x->kept.data = data;
  memory_->state.changed(*x);
}

std::vector<topic_watch> namespace_lane::watches_of(slot i) const {
  std::vector<topic_watch> result;
  for (auto channel : {topic_channel::states, topic_channel::objects}) {
    auto& all = topics_[static_cast<std::size_t>(channel)].watches;
    if (auto mine = all.find(i); mine != all.end())
      for (auto& text : mine->second)
        result.push_back({channel, text});
  }
  return result;
}

void namespace_lane::lose(const socket_name& who, const std::string& data) {
  auto i = index_.find(who);
  auto* x = i && memory_ ? memory_->state.sessions().at(*i) : nullptr;
  if (! x)
    return remove(who);
  x->kept.sid = who;
  x->kept.rooms = index_.rooms_of(*i);
  x->kept.watches.clear();
  for (auto& watch : watches_of(*i))
    x->kept.watches.push_back({static_cast<std::uint8_t>(watch.channel), watch.pattern});
  auto waiting = std::move(x->waiting);
  auto pid = x->kept.pid;
  memory_->state.close(*x, data, now());
  remove(who);
  purge_later();
  if (! waiting)
    return;
  // Closing may have driven the session out, if there are too many.
  if (auto* again = memory_->state.sessions().find(pid))
    resume_session(*again, *waiting);
  else
    refuse(*waiting, recovery_refusal::unknown_session);
}

// -- clients come back -------------------------------------------------------------------

void namespace_lane::refuse(const restore_request& x, recovery_refusal why) {
  if (memory_)
    memory_->counts->refused[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
  restored answer;
  answer.refusal = why;
  send(x.who.connection, atom::restore_v, x.who.number, std::move(answer));
}

void namespace_lane::restore(const restore_request& x) {
  auto* found = memory_ ? memory_->state.sessions().find(x.pid) : nullptr;
  if (! found)
    return refuse(x, recovery_refusal::unknown_session);
  if (found->away())
    return resume_session(*found, x);
  // Its loss was not noticed yet. Of several that come for it the last one gets it.
  if (found->waiting)
    refuse(*found->waiting, recovery_refusal::unknown_session);
  found->waiting = std::make_unique<restore_request>(x);
  auto& old = index_.at(found->where);
  send(old.connection, atom::yield_v, old.number);
}

void namespace_lane::resume_session(recovery::session& x, const restore_request& by) {
  restored answer;
  answer.refusal = memory_->state.missed_by(x, by.offset, now(), answer.missed);
  auto i = answer.refusal == recovery_refusal::none ? index_.add(x.kept.sid, by.who) : std::nullopt;
  if (! i) {
    memory_->state.erase(x);
    auto why = answer.refusal == recovery_refusal::none ? recovery_refusal::unknown_session
                                                        : answer.refusal;
    return refuse(by, why);
  }
  answer.id = x.kept.sid;
  answer.rooms = x.kept.rooms;
  answer.data = x.kept.data;
  for (auto& watch : x.kept.watches)
    answer.watches.push_back({static_cast<topic_channel>(watch.channel), watch.text});
  memory_->state.sessions().reopen(x, *i);
  join(*i, answer.rooms);
  for (auto& w : answer.watches)
    watch(*i, w.channel, w.pattern);
  memory_->state.changed(x);
  memory_->counts->recovered.fetch_add(1, std::memory_order_relaxed);
  memory_->counts->replayed.fetch_add(answer.missed.size(), std::memory_order_relaxed);
  send(by.who.connection, atom::restore_v, by.who.number, std::move(answer));
}

void namespace_lane::abandon(const restore_request& x) {
  auto* found = memory_ ? memory_->state.sessions().find(x.pid) : nullptr;
  if (! found || found->away())
    return;
  if (found->waiting && found->waiting->who == x.who)
    found->waiting.reset();
  else if (index_.at(found->where) == x.who)
    lose(index_.name_of(found->where), found->kept.data);
}

// -- time, and the file --------------------------------------------------------------------

void namespace_lane::purge_later() {
  if (memory_->purge.armed())
    return;
  memory_->purge.arm(purge_interval, [this] {
    memory_->state.expire(now());
    keep();
    if (memory_->state.holds_anything())
      purge_later();
  });
}

void namespace_lane::keep() {
  if (! memory_ || ! memory_->writer)
    return;
  auto batch = memory_->state.take_batch(
    [this](const recovery::session& x, storage::saved_session& row) {
      row.sid = index_.name_of(x.where);
      row.rooms = index_.rooms_of(x.where);
      for (auto& w : watches_of(x.where))
        row.watches.push_back({static_cast<std::uint8_t>(w.channel), w.pattern});
    },
    now());
  if (batch)
    send(memory_->writer, atom::append_v, std::move(batch));
}

} // namespace atrium
