#pragma once

#include "actors/interfaces.hpp"
#include "schema/text_map.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// Which socket of a namespace is in which room. A socket has a slot, a small number that is given
/// to another socket once this one is gone; its id is a room with that socket alone, which is not
/// counted and not left. Not thread-safe: it belongs to one namespace.
class room_index {
public:
  using slot = std::uint32_t;

  /// What changed in a room, for whoever mirrors it.
  struct change {
    std::string_view room;
    /// How many are in the room afterwards.
    std::size_t size;
  };

  /// Adds a socket. @returns its slot; nothing when the name is taken.
  std::optional<slot> add(const socket_name& name, member who);

  /// Removes a socket, after it has left all its rooms by `leave`.
  void remove(slot i);

  std::optional<slot> find(std::string_view name) const;

  /// Puts a socket into a room. @returns the change, or nothing when it was there already.
  std::optional<change> join(slot i, const std::string& room);

  /// Takes a socket out of a room; the view in the change lives until the next call when the room
  /// became empty. @returns the change, or nothing when it was not there.
  std::optional<change> leave(slot i, std::string_view room);

  /// The slots of all who are in the room; of its socket if the name is an id.
  std::span<const slot> in(std::string_view room) const;

  /// Puts the slots that `x` means into `out`, each once, in no order.
  void select(const selection& x, std::vector<slot>& out);

  /// The rooms of a socket, in the order in which it joined.
  const std::vector<std::string>& rooms_of(slot i) const {
    return sockets_[i].rooms;
  }

  const member& at(slot i) const {
    return sockets_[i].who;
  }

  const socket_name& name_of(slot i) const {
    return sockets_[i].name;
  }

  /// The names of all rooms, in no order.
  room_names names() const;

  /// How many sockets there are.
  std::size_t size() const noexcept {
    return by_name_.size();
  }

  /// How many rooms there are.
  std::size_t rooms() const noexcept {
    return rooms_.size();
  }

private:
  struct socket {
    socket_name name;
    member who;
    std::vector<std::string> rooms;
    std::uint64_t mark = 0;
    bool used = false;
  };

  void mark(std::span<const slot> xs, std::vector<slot>* out);

  std::vector<socket> sockets_;
  std::vector<slot> free_;
  text_map<slot> by_name_;
  text_map<std::vector<slot>> rooms_;
  std::string emptied_; // keeps the name of a room that has just gone
  std::uint64_t mark_ = 0;
};

} // namespace atrium
