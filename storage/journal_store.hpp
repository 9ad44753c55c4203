#pragma once

#include "schema/state.hpp"
#include "storage/failure.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::storage {

/// One durable step of the object tree: an object was written, or went away.
struct object_change {
  std::string id;
  /// The whole object as JSON text. Absent: the object was deleted.
  std::optional<std::string> text;

  friend bool operator==(const object_change&, const object_change&) = default;
};

/// What a commit consists of. States and objects share one order.
using write = std::variant<state_change, object_change>;

/// The sequences that a commit gave to its writes: the n-th write has `first + n`.
struct sequence_range {
  sequence first = 0;
  sequence last = 0;

  friend bool operator==(const sequence_range&, const sequence_range&) = default;
};

/// The model as it was after the last commit.
struct recovered {
  /// Every object, in no particular order; all have a text.
  std::vector<object_change> objects;
  /// Every current state with the sequence of its last change, in no particular order; all have a
  /// value.
  std::vector<journaled_change> states;
  /// The last sequence that was given away; 0 if none.
  sequence last = 0;
};

/// The one writer of the model. Owned by one thread, not thread-safe.
class journal_store {
public:
  virtual ~journal_store() = default;

  /// Reads the whole model; meant for the start, before the first commit.
  [[nodiscard]] virtual outcome<recovered> recover() = 0;

  /// The current states of `device`: those whose id is `device` or begins with `device` and a dot.
  [[nodiscard]] virtual outcome<std::vector<journaled_change>> states_below(std::string_view device)
    = 0;

  /// Makes all of `writes` durable in one transaction, or none of them: whatever the failure is,
  /// nothing is half written. `failure::temporary()` tells those after which it may be tried again;
  /// after any other one, memory and disk may differ and the hub must stop. Of no writes: both
  /// sequences are the last one, if something could be written.
  [[nodiscard]] virtual outcome<sequence_range> commit(std::span<const write> writes) = 0;
};

using journal_store_ptr = std::unique_ptr<journal_store>;

} // namespace atrium::storage
