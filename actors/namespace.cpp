#include "actors/namespace.hpp"

#include "actors/room.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace atrium {

namespace_lane::namespace_lane(caf::actor_config& cfg, runtime::worker& home, std::string name,
                               std::unique_ptr<recovery_setup> remember)
  : pinned{cfg, home},
    name_{"namespace " + std::move(name)},
    lane_{&home.system()} {
  if (remember)
    memory_ = std::make_unique<memory>(home, std::move(*remember));
}

namespace_lane::behavior_type namespace_lane::make_behavior() {
  return {
    [this](atom::attach, const socket_name& who, const member& where) { add(who, where); },
    [this](atom::attach, const socket_name& who, const member& where, const std::string& pid) {
      open_session(who, where, pid);
    },
    [this](atom::detach, const socket_name& who) { remove(who); },
    [this](atom::detach, const socket_name& who, const std::string& data) { lose(who, data); },
    [this](atom::save, const socket_name& who, const std::string& data) { save(who, data); },
    [this](atom::restore, const restore_request& x) { restore(x); },
    [this](atom::abandon, const restore_request& x) { abandon(x); },
    [this](atom::join, const socket_name& who, const room_names& rooms) {
      if (auto i = index_.find(who))
        join(*i, rooms);
    },
    [this](atom::leave, const socket_name& who, const room_names& rooms) {
      if (auto i = index_.find(who))
        leave(*i, rooms);
    },
    [this](atom::emit, const broadcast& x) { emit(x); },
    [this](atom::collect, const selection& to, const ack_request& x, const member& emitter) {
      collect(to, x, emitter);
    },
    [this](atom::join, const selection& who, const room_names& rooms) {
      for (auto i : selected(who)) {
        join(i, rooms);
        send(index_.at(i).connection, atom::join_v, index_.at(i).number, rooms);
      }
    },
    [this](atom::leave, const selection& who, const room_names& rooms) {
      for (auto i : selected(who)) {
        leave(i, rooms);
        send(index_.at(i).connection, atom::leave_v, index_.at(i).number, rooms);
      }
    },
    [this](atom::kick, const selection& who, bool whole_link) {
      for (auto i : selected(who))
        send(index_.at(i).connection, atom::kick_v, index_.at(i).number, whole_link);
    },
    [this](atom::select, const selection& who) {
      members result;
      for (auto i : selected(who))
        result.push_back(index_.at(i));
      return result;
    },
    [this](atom::names, const selection& who) { return names(who); },
    [this](atom::rooms, const socket_name& who) { return rooms_of(who); },
    [this](atom::rooms, const room_observer_ptr& x) { observers_.push_back(x); },
    [this](atom::watch, const socket_name& who, topic_channel channel, const std::string& text) {
      if (auto i = index_.find(who))
        watch(*i, channel, text);
    },
    [this](atom::unwatch, const socket_name& who, topic_channel channel, const std::string& text) {
      if (auto i = index_.find(who))
        unwatch(*i, channel, text);
    },
    [this](atom::publish, const publication_ptr& x) { publish(*x); },
    [this](atom::stats) { return stats(); },
  };
}

namespace_stats namespace_lane::stats() {
  namespace_stats result;
  result.sockets = index_.size();
  result.rooms = index_.rooms();
  for (auto& x : topics_)
    result.watches += x.patterns.size();
  if (memory_) {
    result.sessions_away = memory_->state.sessions().away();
    result.packets_kept = memory_->state.packets();
    result.bytes_kept = memory_->state.bytes();
  }
  return result;
}

caf::resumable::resume_result
namespace_lane::resume(caf::execution_unit* on, std::size_t messages_max) {
  for (std::size_t n = 0; n < messages_max; ++n) {
    auto result = pinned::resume(on, 1);
    lane_.run(on);
    if (result != resume_later) {
      keep();
      return result;
    }
  }
  keep();
  return resume_later;
}

void namespace_lane::on_exit() {
  for (auto i : selected({}))
    send(index_.at(i).connection, atom::closed_v, index_.at(i).number);
  for (auto& [name, actor] : rooms_)
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  lane_.run(context());
  keep();
  memory_.reset();
  rooms_.clear();
  index_ = {};
}

// -- membership --------------------------------------------------------------------

void namespace_lane::add(const socket_name& who, const member& where) {
  if (! index_.add(who, where))
    return;
  for (auto& x : observers_) {
    x->created(who);
    x->joined(who, who);
  }
}

void namespace_lane::remove(const socket_name& who) {
  auto i = index_.find(who);
  if (! i)
    return;
  if (memory_)
    end_session(*i);
  for (auto& x : observers_) {
    x->left(who, who);
    x->deleted(who);
  }
  leave(*i, room_names{index_.rooms_of(*i)});
  unwatch_all(*i);
  index_.remove(*i);
}

void namespace_lane::join(slot i, const room_names& rooms) {
  for (auto& room : rooms) {
    auto change = index_.join(i, room);
    if (! change)
      continue;
    for (auto& x : observers_) {
      if (change->size == 1)
        x->created(room);
      x->joined(room, index_.name_of(i));
    }
    mirror_entered(i, *change);
  }
  if (memory_)
    session_changed(i);
}

void namespace_lane::leave(slot i, const room_names& rooms) {
  for (auto& room : rooms) {
    auto change = index_.leave(i, room);
    if (! change)
      continue;
    mirror_left(i, *change);
    for (auto& x : observers_) {
      x->left(room, index_.name_of(i));
      if (change->size == 0)
        x->deleted(room);
    }
  }
  if (memory_)
    session_changed(i);
}

void namespace_lane::mirror_entered(slot i, const room_index::change& x) {
  if (x.size < 2)
    return;
  auto& actor = rooms_[std::string{x.room}];
  if (actor) {
    send(actor, atom::enter_v, index_.at(i));
    return;
  }
  actor = spawn<class room, caf::lazy_init>(std::ref(lane_));
  for (auto other : index_.in(x.room))
    send(actor, atom::enter_v, index_.at(other));
}

void namespace_lane::mirror_left(slot i, const room_index::change& x) {
  auto at = rooms_.find(std::string{x.room});
  if (at == rooms_.end())
    return;
  if (x.size >= 2) {
    send(at->second, atom::leave_v, index_.at(i));
    return;
  }
  send_exit(at->second, caf::exit_reason::user_shutdown);
  rooms_.erase(at);
}

// -- the lane ------------------------------------------------------------------------

const std::vector<room_index::slot>& namespace_lane::selected(const selection& x) {
  found_.clear();
  index_.select(x, found_);
  return found_;
}

void namespace_lane::deliver(const std::vector<slot>& to, const frame_ptr& what) {
  for (auto i : to) {
    auto& x = index_.at(i);
    send(x.connection, atom::deliver_v, x.number, what);
  }
}

void namespace_lane::emit(const broadcast& x) {
  auto one_room = x.to.rooms.size() == 1 && x.to.except.empty();
  auto at = one_room ? rooms_.find(x.to.rooms.front()) : rooms_.end();
  if (at != rooms_.end() && ! index_.find(at->first)) {
    send(at->second, atom::emit_v, x.what);
    lane_.run(context());
  } else {
    deliver(selected(x.to), x.what);
  }
  if (memory_ && x.offset.number > 0 && memory_->state.wanted()) {
    memory_->state.log(x.offset, x.what, x.to, now());
    purge_later();
  }
  passed(x.emitter);
}

void namespace_lane::collect(const selection& to, const ack_request& x, const member& emitter) {
  // First, so that no answer on another worker comes before.
  x.sink->expect(selected(to).size());
  for (auto i : found_)
    send(index_.at(i).connection, atom::deliver_v, index_.at(i).number, x);
  passed(emitter);
}

void namespace_lane::passed(const member& emitter) {
  if (emitter.connection)
    send(emitter.connection, atom::passed_v, emitter.number);
}

// -- what is there -------------------------------------------------------------------

room_names namespace_lane::names(const selection& who) {
  room_names result;
  for (auto i : selected(who))
    result.push_back(index_.name_of(i));
  return result;
}

room_names namespace_lane::rooms_of(const socket_name& who) const {
  if (who.empty())
    return index_.names();
  auto i = index_.find(who);
  if (! i)
    return {};
  room_names result{who};
  auto& named = index_.rooms_of(*i);
  result.insert(result.end(), named.begin(), named.end());
  return result;
}

// -- topics --------------------------------------------------------------------------

void namespace_lane::watch(slot i, topic_channel channel, const std::string& text) {
  auto parsed = pattern::parse(std::string_view{text});
  if (! parsed)
    return;
  auto& x = topics_[static_cast<std::size_t>(channel)];
  auto topic = x.patterns.add(*parsed);
  if (topic >= x.watchers.size())
    x.watchers.resize(topic + 1);
  auto& all = x.watchers[topic];
  if (std::ranges::find(all, i) != all.end())
    return;
  all.push_back(i);
  x.watches[i].push_back(text);
  if (memory_)
    session_changed(i);
}

void namespace_lane::unwatch(slot i, topic_channel channel, const std::string& text) {
  auto& x = topics_[static_cast<std::size_t>(channel)];
  auto topic = x.patterns.find(text);
  if (! topic || std::erase(x.watchers[*topic], i) == 0)
    return;
  if (x.watchers[*topic].empty())
    x.patterns.remove(text);
  auto mine = x.watches.find(i);
  std::erase(mine->second, text);
  if (mine->second.empty())
    x.watches.erase(mine);
  if (memory_)
    session_changed(i);
}

void namespace_lane::unwatch_all(slot i) {
  for (auto channel : {topic_channel::states, topic_channel::objects}) {
    auto& x = topics_[static_cast<std::size_t>(channel)];
    if (auto mine = x.watches.find(i); mine != x.watches.end())
      for (auto& text : std::vector<std::string>{mine->second})
        unwatch(i, channel, text);
  }
}

void namespace_lane::publish(const publication& x) {
  for (std::size_t n = 0; n < x.size(); ++n) {
    auto& channel = topics_[static_cast<std::size_t>(x.channel(n))];
    matches_.clear();
    channel.patterns.match(x.topic(n), matches_);
    auto missed = memory_ && memory_->state.sessions().watched(x.channel(n), x.topic(n));
    if (matches_.empty() && ! missed)
      continue;
    found_.clear();
    for (auto m : matches_)
      found_.insert(found_.end(), channel.watchers[m].begin(), channel.watchers[m].end());
    if (matches_.size() > 1) {
      std::ranges::sort(found_);
      found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    }
    if (! memory_) {
      deliver(found_, x.encode(n, {}));
      continue;
    }
    auto offset = memory_->state.next_offset();
    auto what = x.encode(n, to_string(offset));
    deliver(found_, what);
    memory_->state.log(offset, std::move(what), x.channel(n), x.topic(n), now());
    purge_later();
  }
  if (memory_ && x.first() > 0)
    memory_->state.published(x.first(), x.size());
}

namespace_actor
spawn_namespace(runtime::worker& home, std::string name, std::unique_ptr<recovery_setup> remember) {
  return runtime::spawn_pinned<namespace_lane>(home, std::move(name), std::move(remember));
}

} // namespace atrium
