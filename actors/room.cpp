#include "actors/room.hpp"

namespace atrium {

room::behavior_type room::make_behavior() {
  return {
    [this](atom::enter, const member& x) { enter(x); },
    [this](atom::leave, const member& x) { leave(x); },
    [this](atom::emit, const frame_ptr& what) { emit(what); },
  };
}

void room::enter(const member& x) {
  if (places_.emplace(x, members_.size()).second)
    members_.push_back(x);
}

void room::leave(const member& x) {
  auto i = places_.find(x);
  if (i == places_.end())
    return;
  auto place = i->second;
  places_.erase(i);
  if (place + 1 != members_.size()) {
    members_[place] = std::move(members_.back());
    places_[members_[place]] = place;
  }
  members_.pop_back();
}

void room::emit(const frame_ptr& what) {
  for (auto& x : members_)
    send(x.connection, atom::deliver_v, x.number, what);
}

} // namespace atrium
