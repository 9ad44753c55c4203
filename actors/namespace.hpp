#pragma once

#include "actors/interfaces.hpp"
#include "actors/lane.hpp"
#include "actors/recovery.hpp"
#include "actors/room_index.hpp"
#include "actors/runtime/pinned.hpp"
#include "actors/runtime/timer.hpp"
#include "schema/pattern_index.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace atrium {

/// The lane of one Socket.IO namespace: takes one message, then resumes the rooms that it reached,
/// before its next message. It keeps the index of who is where; a room that a program named gets an
/// actor of its own when its second member comes. Spawn it with `spawn_namespace`; it ends by an
/// exit, and then tells its members.
class namespace_lane final : public runtime::pinned<namespace_actor::base> {
public:
  namespace_lane(caf::actor_config& cfg, runtime::worker& home, std::string name,
                 std::unique_ptr<recovery_setup> remember);

  const char* name() const override {
    return name_.c_str();
  }

  resume_result resume(caf::execution_unit* on, std::size_t messages_max) override;

  void on_exit() override;

protected:
  behavior_type make_behavior() override;

private:
  using slot = room_index::slot;

  // -- membership ----------------------------------------------------------------
  void add(const socket_name& who, const member& where);
  void remove(const socket_name& who);
  void join(slot i, const room_names& rooms);
  void leave(slot i, const room_names& rooms);
  void mirror_entered(slot i, const room_index::change& x);
  void mirror_left(slot i, const room_index::change& x);

  // -- the lane --------------------------------------------------------------------
  void emit(const broadcast& x);
  void deliver(const std::vector<slot>& to, const frame_ptr& what);
  void collect(const selection& to, const ack_request& x, const member& emitter);
  void passed(const member& emitter);
  const std::vector<slot>& selected(const selection& x);

  // -- what is there -----------------------------------------------------------------
  namespace_stats stats();
  room_names names(const selection& who);
  room_names rooms_of(const socket_name& who) const;

  // -- topics ----------------------------------------------------------------------
  void watch(slot i, topic_channel channel, const std::string& text);
  void unwatch(slot i, topic_channel channel, const std::string& text);
  void unwatch_all(slot i);
  void publish(const publication& x);

  // -- recovery; only with `memory_` ---------------------------------------------------
  /// The actor's part of recovery.
  struct memory {
    memory(runtime::worker& home, recovery_setup x);

    recovery_writer_actor writer; // null: nothing is kept
    std::shared_ptr<recovery_counts> counts;
    runtime::timer purge;
    epoch_ms wall_start;
    runtime::clock::time_point start;
    recovery state;
  };

  epoch_ms now() const;
  void open_session(const socket_name& who, const member& where, const std::string& pid);
  void lose(const socket_name& who, const std::string& data);
  void save(const socket_name& who, const std::string& data);
  void restore(const restore_request& x);
  void abandon(const restore_request& x);
  void resume_session(recovery::session& x, const restore_request& by);
  void refuse(const restore_request& x, recovery_refusal why);
  void end_session(slot i);
  void session_changed(slot i);
  std::vector<topic_watch> watches_of(slot i) const;
  void purge_later();
  void keep();

  /// Who watches what in one channel.
  struct topics {
    pattern_index patterns;
    std::vector<std::vector<slot>> watchers; // by the slot of a pattern
    std::unordered_map<slot, std::vector<std::string>> watches;
  };

  std::string name_; // "namespace /chat"
  lane lane_;
  room_index index_;
  std::unordered_map<std::string, room_actor> rooms_;
  std::vector<room_observer_ptr> observers_;
  std::array<topics, topic_channels> topics_;
  std::vector<slot> found_; // reused by selections
  std::vector<pattern_index::slot> matches_;
  std::unique_ptr<memory> memory_;
};

/// Spawns the lane of the namespace `name` on `home`. Whoever calls it sends the exit. Its clients
/// can come back to their sessions if `remember` says how.
namespace_actor spawn_namespace(runtime::worker& home, std::string name,
                                std::unique_ptr<recovery_setup> remember = nullptr);

} // namespace atrium
