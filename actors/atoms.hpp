#pragma once

#include <caf/type_id.hpp>

// Every verb actors use with each other. At most 10 characters: CAF 0.17 packs the text into 64
// bits, and two atoms with the same text are the same type.

CAF_BEGIN_TYPE_ID_BLOCK(atrium_atoms, caf::first_custom_type_id)

  // -- connections, rooms, namespaces --------------------------------------------
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, abandon, "abandon")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, attach, "attach")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, closed, "closed")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, collect, "collect")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, deliver, "deliver")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, describe, "describe")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, detach, "detach")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, emit, "emit")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, enter, "enter")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, join, "join")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, kick, "kick")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, leave, "leave")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, names, "names")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, passed, "passed")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, publish, "publish")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, restore, "restore")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, rooms, "rooms")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, save, "save")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, select, "select")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, stats, "stats")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, watch, "watch")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, unwatch, "unwatch")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, yield, "yield")

  // -- the model -----------------------------------------------------------------
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, adopt, "adopt")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, append, "append")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, command, "command")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, commit, "commit")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, committed, "committed")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, encode, "encode")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, feed, "feed")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, fence, "fence")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, fold, "fold")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, get_object, "get_object")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, get_state, "get_state")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, get_states, "get_states")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, getobjects, "getobjects")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, history, "history")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, put_object, "put_object")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, refused, "refused")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, release, "release")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, restart, "restart")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, serve, "serve")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, start, "start")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, stop, "stop")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, tick, "tick")
  CAF_ADD_ATOM(atrium_atoms, atrium::atom, write, "write")

CAF_END_TYPE_ID_BLOCK(atrium_atoms)
