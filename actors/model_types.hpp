#pragma once

#include "schema/history_query.hpp"
#include "schema/json.hpp"
#include "schema/object.hpp"
#include "schema/state.hpp"
#include "schema/state_rules.hpp"
#include "storage/journal_store.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// What the actors of the model say to each other, apart from handles.

namespace atrium {

using state_ptr = std::shared_ptr<const state>;
using text_ptr = std::shared_ptr<const std::string>;

/// One commit of the journal, shared by all who hear of it: the n-th write has sequence `first +
/// n`.
struct commit_batch {
  sequence first = 0;
  std::vector<storage::write> writes;
};

using batch_ptr = std::shared_ptr<const commit_batch>;

/// The places in a batch of the writes of one owner.
using batch_places = std::vector<std::uint32_t>;

/// Counts how often the appends of one owner were refused. When one is refused, all that the owner
/// sent before it heard of that are refused too, for they may be built on the one that is lost.
using append_generation = std::uint32_t;

/// A write to one state.
struct write_request {
  /// Clean, see `clean_id`.
  std::string id;
  state_write write;
  /// It comes from the adapter that owns the state: it is no command, and waits for none.
  bool from_owner = false;
  /// Only if the state has no value yet; else nothing happens and the answer is 0.
  bool initial = false;
};

/// A write to one object, as `setObject` means it.
struct object_write {
  /// Clean, see `clean_id`.
  std::string id;
  json::value body;
  writer who;
  /// Only if there is no such object; else nothing happens and the answer is 0.
  bool only_if_absent = false;
};

/// A command to a device: the value that its state is to take.
struct device_command {
  std::string id;
  state value;
};

/// Committed values of states, with their ids; none of them null.
using known_states = std::vector<std::pair<std::string, state_ptr>>;

/// Which states `getStates` means: those that are named, or the state objects that match.
struct states_query {
  std::vector<std::string> ids;
  /// Empty: `ids` counts.
  std::string pattern;
};

/// Which objects `getObjects` means: those that are named, or all that web pages want.
struct objects_query {
  std::vector<std::string> ids;
  bool all = false;
};

/// Which enums name an id; immutable once shared.
class enum_index;

/// The states of an answer, to be encoded: pairs of an id and a value, which may be absent. The
/// texts of ids are kept alive by `objects` or stand in `ids`.
struct states_snapshot {
  std::vector<std::pair<object_ptr, state_ptr>> found;
  std::vector<std::pair<std::string, state_ptr>> named;

  std::size_t size() const noexcept {
    return found.size() + named.size();
  }
};

/// The objects of an answer, to be encoded, with the enums that name them.
struct objects_snapshot {
  std::vector<object_ptr> found;
  std::shared_ptr<const enum_index> enums;
  /// States get the rooms among their enums only.
  bool rooms_only = false;
};

/// Stages of stopping, in their order; see `stop_order.hpp`.
enum class stop_stage : std::uint8_t {
  listener,
  connections,
  namespaces,
  adapters,
  model,
  journal
};

} // namespace atrium

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::state_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::text_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::object_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::batch_places)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::write_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::object_write)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::device_command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::known_states)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::states_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::objects_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::states_snapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::objects_snapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::history_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::storage::write)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::stop_stage)
