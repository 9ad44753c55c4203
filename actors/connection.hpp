#pragma once

#include "actors/interfaces.hpp"
#include "actors/runtime/pinned.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace atrium {

/// What a connection does with what comes for its client: the protocol side of one link. It lives
/// on the worker of its connection, which calls it there only.
class connection_events {
public:
  virtual void on_deliver(socket_number to, const frame_ptr& what) = 0;
  virtual void on_deliver(socket_number to, const ack_request& what) = 0;
  virtual void on_passed(socket_number from) = 0;
  virtual void on_join(socket_number who, const room_names& rooms) = 0;
  virtual void on_leave(socket_number who, const room_names& rooms) = 0;
  virtual void on_kick(socket_number who, bool whole_link) = 0;
  virtual void on_closed(socket_number who) = 0;
  virtual void on_restored(socket_number who, restored& what) = 0;
  virtual void on_yield(socket_number who) = 0;
  virtual socket_description describe(socket_number who) = 0;

protected:
  ~connection_events() = default;
};

/// The actor of one client link, pinned to the worker of its session. What it hands messages to may
/// go before it does: the owner calls `forget` and then sends the exit.
class connection final : public runtime::pinned<connection_actor::base> {
public:
  connection(caf::actor_config& cfg, runtime::worker& home, connection_events& events)
    : pinned{cfg, home},
      events_{&events} {
  }

  const char* name() const override {
    return "atrium.connection";
  }

  /// Drops what still comes. On the worker's thread.
  void forget() noexcept {
    events_ = nullptr;
  }

protected:
  behavior_type make_behavior() override;

private:
  connection_events* events_;
};

/// A connection and its handle, for the owner of the link: on its worker's thread only.
struct owned_connection {
  connection_actor handle;
  connection* actor = nullptr;

  /// Ends the actor; what it hands messages to may be destroyed then.
  void end();
};

owned_connection spawn_connection(runtime::worker& home, connection_events& events);

} // namespace atrium
