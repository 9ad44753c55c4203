#include "actors/connection.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace atrium {

connection::behavior_type connection::make_behavior() {
  return {
    [this](atom::deliver, socket_number to, const frame_ptr& what) {
      if (events_)
        events_->on_deliver(to, what);
    },
    [this](atom::deliver, socket_number to, const ack_request& what) {
      if (events_)
        events_->on_deliver(to, what);
    },
    [this](atom::passed, socket_number from) {
      if (events_)
        events_->on_passed(from);
    },
    [this](atom::join, socket_number who, const room_names& rooms) {
      if (events_)
        events_->on_join(who, rooms);
    },
    [this](atom::leave, socket_number who, const room_names& rooms) {
      if (events_)
        events_->on_leave(who, rooms);
    },
    [this](atom::kick, socket_number who, bool whole_link) {
      if (events_)
        events_->on_kick(who, whole_link);
    },
    [this](atom::closed, socket_number who) {
      if (events_)
        events_->on_closed(who);
    },
    [this](atom::restore, socket_number who, restored& what) {
      if (events_)
        events_->on_restored(who, what);
    },
    [this](atom::yield, socket_number who) {
      if (events_)
        events_->on_yield(who);
    },
    [this](atom::describe, socket_number who) -> caf::result<socket_description> {
      if (! events_)
        return caf::make_error(errc::cancelled);
      return events_->describe(who);
    },
  };
}

void owned_connection::end() {
  if (! actor)
    return;
  actor->forget();
  actor = nullptr;
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  handle = nullptr;
}

owned_connection spawn_connection(runtime::worker& home, connection_events& events) {
  owned_connection result;
  result.handle = runtime::spawn_pinned<connection>(home, std::ref(events));
  result.actor = static_cast<connection*>(caf::actor_cast<caf::abstract_actor*>(result.handle));
  return result;
}

} // namespace atrium
