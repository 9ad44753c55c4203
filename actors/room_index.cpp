#include "actors/room_index.hpp"

#include <algorithm>

namespace atrium {

std::optional<room_index::slot> room_index::add(const socket_name& name, member who) {
  auto i = free_.empty() ? static_cast<slot>(sockets_.size()) : free_.back();
  if (! by_name_.emplace(name, i).second)
    return std::nullopt;
  if (free_.empty())
    sockets_.emplace_back();
  else
    free_.pop_back();
  sockets_[i] = socket{name, std::move(who), {}, 0, true};
  return i;
}

void room_index::remove(slot i) {
  by_name_.erase(sockets_[i].name);
  sockets_[i] = {};
  free_.push_back(i);
}

std::optional<room_index::slot> room_index::find(std::string_view name) const {
  auto i = by_name_.find(name);
  return i == by_name_.end() ? std::nullopt : std::optional{i->second};
}

std::optional<room_index::change> room_index::join(slot i, const std::string& room) {
  auto& mine = sockets_[i].rooms;
  if (room == sockets_[i].name || std::ranges::find(mine, room) != mine.end())
    return std::nullopt;
  mine.push_back(room);
  auto at = rooms_.try_emplace(room).first;
  at->second.push_back(i);
  return change{at->first, at->second.size()};
}

std::optional<room_index::change> room_index::leave(slot i, std::string_view room) {
  auto& mine = sockets_[i].rooms;
  auto m = std::ranges::find(mine, room);
  if (m == mine.end())
    return std::nullopt;
  auto at = rooms_.find(room);
  auto& all = at->second;
  *std::ranges::find(all, i) = all.back();
  all.pop_back();
  if (! all.empty()) {
    mine.erase(m);
    return change{at->first, all.size()};
  }
  emptied_ = std::move(*m);
  mine.erase(m);
  rooms_.erase(at);
  return change{emptied_, 0};
}

std::span<const room_index::slot> room_index::in(std::string_view room) const {
  if (auto i = rooms_.find(room); i != rooms_.end())
    return i->second;
  if (auto i = by_name_.find(room); i != by_name_.end())
    return {&i->second, 1};
  return {};
}

room_names room_index::names() const {
  room_names result;
  result.reserve(rooms_.size());
  for (auto& [name, who] : rooms_)
    result.push_back(name);
  return result;
}

void room_index::mark(std::span<const slot> xs, std::vector<slot>* out) {
  for (auto i : xs)
    if (auto& x = sockets_[i]; x.mark != mark_) {
      x.mark = mark_;
      if (out)
        out->push_back(i);
    }
}

void room_index::select(const selection& x, std::vector<slot>& out) {
  ++mark_;
  for (auto& room : x.except) {
    mark(in(room), nullptr);
    if (auto i = find(room)) // a room may bear the id of a socket
      mark({&*i, 1}, nullptr);
  }
  if (x.rooms.empty()) {
    for (slot i = 0; i < sockets_.size(); ++i)
      if (sockets_[i].used)
        mark({&i, 1}, &out);
    return;
  }
  for (auto& room : x.rooms) {
    mark(in(room), &out);
    if (auto i = find(room))
      mark({&*i, 1}, &out);
  }
}

} // namespace atrium
