#pragma once

#include "schema/json.hpp"
#include "schema/refusal.hpp"
#include "schema/state.hpp"
#include "schema/state_rules.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// An object of the tree (reference: ioBroker, section 4.1), immutable once shared. It is kept as
/// the text that clients get, which is a third of the size of a tree of values and needs no
/// encoding.
struct object {
  std::string id;
  std::string type;
  /// The whole object as JSON.
  std::string text;
  /// The same without what no client may read; empty: nothing to hide.
  std::string redacted;
  /// `common.step` of a state, 0 if none.
  double step = 0;

  /// What clients may read.
  const std::string& shown() const noexcept {
    return redacted.empty() ? text : redacted;
  }
};

using object_ptr = std::shared_ptr<const object>;

/// Makes an object of a body that is complete.
object make_object(json::object body);

/// Makes an object of the text of a store. Refused: what is not JSON or lacks an id.
checked<object> read_object(std::string_view text);

/// The body that `setObject(id, x)` gives to the object `id`, of which `old` (null: none) is the
/// body so far: it replaces, but `common.custom`, `smartName`, `material`, `habpanel` and `mobile`
/// stay unless the new one sets them, and `custom` is merged key by key, null removing one. `_id`,
/// `from`, `user` and `ts` are filled in.
checked<json::object> merge_object(const std::string& id, json::value x, const json::object* old,
                                   const writer& who, epoch_ms now);

/// The value that a state has before anyone writes: `common.def`, if there is one.
std::optional<state_write> initial_write(const json::object& body, const writer& who);

/// A member that is an object, or null.
const json::object* member_object(const json::object& x, std::string_view key) noexcept;

/// A member that is a text, or nothing.
std::string_view member_text(const json::object& x, std::string_view key) noexcept;

} // namespace atrium
