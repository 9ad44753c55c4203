#pragma once

#include "actors/interfaces.hpp"
#include "actors/lane.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <unordered_map>
#include <vector>

namespace atrium {

/// The members of one room. It runs only in the lane of its namespace, and ends with it.
class room final : public room_actor::base {
public:
  room(caf::actor_config& cfg, lane& in) : room_actor::base{cfg}, in_{in} {
  }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    room_actor::base::enqueue(std::move(what), &in_);
  }

  const char* name() const override {
    return "atrium.room";
  }

protected:
  behavior_type make_behavior() override;

private:
  void enter(const member& x);
  void leave(const member& x);
  void emit(const frame_ptr& what);

  struct place_hash {
    std::size_t operator()(const member& x) const noexcept {
      return std::hash<caf::actor_addr>{}(x.connection.address()) ^ x.number;
    }
  };

  lane& in_;
  std::vector<member> members_;
  std::unordered_map<member, std::size_t, place_hash> places_; // where each stands in members_
};

} // namespace atrium
