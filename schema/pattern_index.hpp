#pragma once

#include "schema/pattern.hpp"
#include "schema/text_map.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium {

/// Which of many patterns an id matches. A pattern has a slot, a small number that its owner can
/// use as an index, and that is given to another pattern once this one is removed. Patterns are
/// found by the hash of what precedes their first `*`, one look-up for each length that occurs;
/// only patterns that begin with `*` are tried one by one. Not thread-safe.
class pattern_index {
public:
  using slot = std::uint32_t;

  /// The slot of `x`, which is added if it is new.
  slot add(const pattern& x);

  /// Removes a pattern.
  /// @returns the slot it had, if it was there.
  std::optional<slot> remove(std::string_view text);

  /// The slot of a pattern that was added.
  std::optional<slot> find(std::string_view text) const;

  /// Appends the slots of all patterns that `id` matches to `result`, each once, in no order.
  void match(std::string_view id, std::vector<slot>& result) const;

  /// The pattern of a slot in use.
  const pattern& at(slot i) const {
    return *entries_[i];
  }

  std::size_t size() const noexcept {
    return slots_.size();
  }

private:
  std::vector<std::optional<pattern>> entries_;
  std::vector<slot> free_;
  text_map<slot> slots_;
  /// Patterns with a star by the hash of their prefix.
  std::unordered_map<std::uint64_t, std::vector<slot>> by_prefix_;
  /// How many patterns with a star have a prefix of this length.
  std::array<std::uint32_t, 256> lengths_{};
};

} // namespace atrium
