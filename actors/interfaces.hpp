#pragma once

#include "actors/atoms.hpp"
#include "actors/lane_types.hpp"
#include "actors/model_types.hpp"
#include "schema/error.hpp"
#include "storage/recovery_store.hpp"

#include <caf/error.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <optional>
#include <string>
#include <vector>

// What every actor of the hub understands, and nothing about how it does it.

namespace atrium {

// -- connections, rooms, namespaces ----------------------------------------------

/// A CONNECTION: one client link. Pinned to the worker of its session. Its namespaces send to it;
/// it ends by an exit from the owner of the link.
using connection_actor = caf::typed_actor<
  // A frame for the client, through the socket with this number.
  caf::reacts_to<atom::deliver, socket_number, frame_ptr>,
  // An event for the client whose acknowledgement the collector waits for.
  caf::reacts_to<atom::deliver, socket_number, ack_request>,
  // One broadcast that the socket emitted is on its way to all its receivers.
  caf::reacts_to<atom::passed, socket_number>,
  // The program elsewhere put the socket into rooms, or took it out.
  caf::reacts_to<atom::join, socket_number, room_names>,
  caf::reacts_to<atom::leave, socket_number, room_names>,
  // The program elsewhere disconnects the socket; true closes the whole link.
  caf::reacts_to<atom::kick, socket_number, bool>,
  // The namespace of the socket has ended.
  caf::reacts_to<atom::closed, socket_number>,
  // The session that the socket asked for, or why it does not get it.
  caf::reacts_to<atom::restore, socket_number, restored>,
  // The client has come back over another link: this one closes, its sessions are kept.
  caf::reacts_to<atom::yield, socket_number>,
  // What the program elsewhere may know of the socket.
  caf::replies_to<atom::describe, socket_number>::with<socket_description>>;

/// A socket as its namespace knows it.
struct member {
  connection_actor connection;
  socket_number number = 0;

  friend bool operator==(const member& x, const member& y) noexcept {
    return x.number == y.number && x.connection == y.connection;
  }
};

using members = std::vector<member>;

/// A frame on its way to others.
struct broadcast {
  selection to;
  frame_ptr what;
  /// Who emits it, if anyone waits: gets `passed` behind it.
  member emitter;
  /// What its last argument names; without a number nobody can recover it.
  packet_offset offset;
};

/// A client that comes back.
struct restore_request {
  std::string pid;
  /// The last string that it got as the last argument of an event; nothing if there was none.
  std::optional<std::string> offset;
  /// The socket that it gets.
  member who;
};

/// A ROOM: the members of one room of a namespace. INTERNAL to its namespace, which runs it inline.
using room_actor = caf::typed_actor<
  // A member comes.
  caf::reacts_to<atom::enter, member>,
  // A member goes.
  caf::reacts_to<atom::leave, member>,
  // A frame for every member.
  caf::reacts_to<atom::emit, frame_ptr>>;

/// A NAMESPACE: who is in which room, and the one lane through which everything that is meant for
/// others goes, in order. Of two messages that reached it one after the other, every receiver of
/// both gets the first one's frames first.
using namespace_actor = caf::typed_actor<
  // A socket is there: from now on it gets what is meant for all and what is meant for its id.
  caf::reacts_to<atom::attach, socket_name, member>,
  // The same, with a session under this pid that its client may come back to.
  caf::reacts_to<atom::attach, socket_name, member, std::string>,
  // A socket is gone. Unknown ids are ignored, here and below.
  caf::reacts_to<atom::detach, socket_name>,
  // A socket has lost its client, which may come back: with the program's data as JSON text.
  caf::reacts_to<atom::detach, socket_name, std::string>,
  // The program's data has changed.
  caf::reacts_to<atom::save, socket_name, std::string>,
  // A client comes back. The connection gets `restore`; if its session was found, its socket is
  // attached from then on.
  caf::reacts_to<atom::restore, restore_request>,
  // The one that asked for a session is gone before it heard of it.
  caf::reacts_to<atom::abandon, restore_request>,
  // A socket joins rooms, or leaves them.
  caf::reacts_to<atom::join, socket_name, room_names>,
  caf::reacts_to<atom::leave, socket_name, room_names>,
  // A frame for all sockets that the selection names, each once.
  caf::reacts_to<atom::emit, broadcast>,
  // An event for all selected sockets whose acknowledgements a sink waits for; it is told how many.
  // The member, if there is one, gets `passed` behind it.
  caf::reacts_to<atom::collect, selection, ack_request, member>,
  // All selected sockets join rooms, or leave them; or are disconnected, with their links if true.
  caf::reacts_to<atom::join, selection, room_names>,
  caf::reacts_to<atom::leave, selection, room_names>, caf::reacts_to<atom::kick, selection, bool>,
  // The connections and numbers of the selected sockets.
  caf::replies_to<atom::select, selection>::with<members>,
  // The ids of the selected sockets.
  caf::replies_to<atom::names, selection>::with<room_names>,
  // The rooms of a socket, its id first; without an id, all rooms but those of ids.
  caf::replies_to<atom::rooms, socket_name>::with<room_names>,
  // One more that hears of rooms, as long as the namespace lives.
  caf::reacts_to<atom::rooms, room_observer_ptr>,
  // A socket wants to hear of what is published under topics that a pattern matches, or no more.
  caf::reacts_to<atom::watch, socket_name, topic_channel, std::string>,
  caf::reacts_to<atom::unwatch, socket_name, topic_channel, std::string>,
  // Frames for the sockets that watch their topics, in this order.
  caf::reacts_to<atom::publish, publication_ptr>,
  // How many sockets and rooms there are.
  caf::replies_to<atom::stats>::with<namespace_stats>>;

/// The RECOVERY WRITER: keeps what the lanes tell it for the next start. Detached. When it is to
/// end it waits for its lanes.
using recovery_writer_actor = caf::typed_actor<
  // A lane that will send batches.
  caf::reacts_to<atom::serve, namespace_actor>,
  // What has changed in a namespace.
  caf::reacts_to<atom::append, storage::recovery_batch_ptr>,
  // INTERNAL: commits what has come.
  caf::reacts_to<atom::commit>>;

// -- the model ---------------------------------------------------------------------

/// A FEED: hears of everything that became durable.
using feed_actor = caf::typed_actor<
  // One commit of the journal; commits come in their order.
  caf::reacts_to<atom::publish, batch_ptr>>;

/// An OWNER of what is appended to the journal: a DEVICE or the CATALOG.
using owner_actor = caf::typed_actor<
  // Your writes at these places of the batch are durable.
  caf::reacts_to<atom::committed, batch_ptr, batch_places>,
  // Your appends of this generation are refused from here on: fall back to what is committed.
  caf::reacts_to<atom::refused, append_generation>>;

/// The JOURNAL: makes changes durable. For each commit it sends, in this order: `committed` to each
/// owner, the batch to the catalog, the batch to each feed, the answer to each append.
using journal_actor = caf::typed_actor<
  // Appends one write of an owner. Answers its sequence once it is durable; never times out.
  caf::replies_to<atom::append, owner_actor, append_generation, storage::write>::with<sequence>,
  // Answers the last sequence once everything that came before is durable or refused, and told.
  caf::replies_to<atom::fence>::with<sequence>,
  // The one that hears of each commit before all feeds: the CATALOG.
  caf::reacts_to<atom::serve, feed_actor>,
  // One more that hears of each commit, until it ends.
  caf::reacts_to<atom::feed, feed_actor>,
  // INTERNAL: commits everything that was appended since the last commit.
  caf::reacts_to<atom::commit>,
  // INTERNAL: looks whether the storage takes writes again.
  caf::reacts_to<atom::tick>>;

/// An ADAPTER: speaks to devices of one kind.
using adapter_actor = caf::typed_actor<
  // Once, after it was attached: what its states were when it was last there, and what was asked of
  // them since (`ack: false`). No write is missing: what is not in here comes as a command behind
  // it. Only a command to a state that never had a value may come before.
  caf::reacts_to<atom::restore, known_states>,
  // A state of its devices is to take a value. Answers once the command is accepted, an error
  // refuses it; what became of it is reported later, as a write with ack.
  caf::replies_to<atom::command, device_command>::with<caf::ok_atom>>;

/// What the CATALOG adds to a write on its way to a device.
struct write_route {
  /// Gets the command; null: there is none to ask.
  adapter_actor adapter;
  /// The committed value, when the device has not seen the state before.
  state_ptr seed;
  /// Numbers are rounded to its multiples; 0: they are not.
  double step = 0;
};

/// A DEVICE: the single writer of the states below one device object.
using device_actor = owner_actor::extend<
  // A write; the JOURNAL answers with the sequence, once it is durable.
  caf::replies_to<atom::write, write_request, write_route>::with<sequence>,
  // The JOURNAL answers once everything that the device has appended is durable or refused.
  caf::replies_to<atom::fence>::with<sequence>,
  // Forgets the states below an id. The JOURNAL answers once everything before it is durable or
  // refused.
  caf::replies_to<atom::release, std::string>::with<sequence>,
  // INTERNAL: refuses the commands that the adapter left unanswered.
  caf::reacts_to<atom::tick>>;

/// The MODEL as adapters see it; the CATALOG is one.
using model_actor = caf::typed_actor<
  // A write to a state, passed on to its device. Answers the sequence, once it is durable.
  caf::replies_to<atom::write, write_request>::with<sequence>,
  // A write to an object. Answers the sequence, once it is durable.
  caf::replies_to<atom::put_object, object_write>::with<sequence>>;

/// The CATALOG: all objects, the committed value of all states, and which device owns which id.
using catalog_actor = owner_actor::extend_with<feed_actor>::extend_with<model_actor>::extend<
  // The committed value of a state; null if it has none.
  caf::replies_to<atom::get_state, std::string>::with<state_ptr>,
  // Many at once: the JSON text of an object {id: state|null}.
  caf::replies_to<atom::get_states, states_query>::with<text_ptr>,
  // An object; null if there is none.
  caf::replies_to<atom::get_object, std::string>::with<object_ptr>,
  // Many at once: the JSON text of an object {id: object}.
  caf::replies_to<atom::getobjects, objects_query>::with<text_ptr>,
  // The adapter of an instance such as "demo.0" is there: it gets `restore`, and then the commands
  // to the states below.
  caf::reacts_to<atom::attach, std::string, adapter_actor>,
  // It is gone: its states get a quality that says so.
  caf::reacts_to<atom::detach, std::string>,
  // INTERNAL: the objects and states that every hub has are written if they are absent.
  caf::reacts_to<atom::start>>;

/// A READER: what would hold up a worker, on a thread of its own.
using reader_actor = caf::typed_actor<
  // The past of a state: the JSON text of an array of values.
  caf::replies_to<atom::history, history_query>::with<text_ptr>,
  // The JSON text of many states, or of many objects.
  caf::replies_to<atom::encode, states_snapshot>::with<text_ptr>,
  caf::replies_to<atom::encode, objects_snapshot>::with<text_ptr>>;

/// The FOLDER: moves the journal's tail into the history, and cuts the history. Detached.
using folder_actor = feed_actor::extend<
  // INTERNAL: one round.
  caf::reacts_to<atom::fold>>;

/// The KEEPER of the adapters: starts each configured instance, again if need be.
using keeper_actor = caf::typed_actor<
  // INTERNAL: starts an instance.
  caf::reacts_to<atom::restart, std::string>>;

/// The HUB: stops everything in order, and when an actor dies that the hub cannot live without.
using hub_actor = caf::typed_actor<
  // An actor that is to be ended in a stage. Its death is noticed; if true it is core, and the hub
  // stops.
  caf::reacts_to<atom::adopt, stop_stage, caf::strong_actor_ptr, bool>,
  // Stops; asked again, it does nothing.
  caf::reacts_to<atom::stop>,
  // INTERNAL: the grace of the stage with this number has ended.
  caf::reacts_to<atom::tick, std::uint64_t>>;

} // namespace atrium

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::write_route)

CAF_BEGIN_TYPE_ID_BLOCK(atrium_types, caf::id_block::atrium_atoms::end)

  CAF_ADD_TYPE_ID(atrium_types, (atrium::connection_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::errc))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::namespace_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::recovery_writer_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::room_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::room_names))

  // -- the model
  CAF_ADD_TYPE_ID(atrium_types, (atrium::adapter_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::catalog_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::device_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::feed_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::folder_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::hub_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::journal_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::keeper_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::model_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::owner_actor))
  CAF_ADD_TYPE_ID(atrium_types, (atrium::reader_actor))

CAF_END_TYPE_ID_BLOCK(atrium_types)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::member)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::members)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::broadcast)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::restore_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::storage::recovery_batch_ptr)

CAF_ERROR_CODE_ENUM(atrium::errc, "atrium")
