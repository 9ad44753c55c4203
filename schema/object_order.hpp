#pragma once

#include "schema/json.hpp"

#include <vector>

namespace atrium {

/// Whether JavaScript would treat a key of `x` as an array index, and so move it to the front.
bool has_index_key(const json::object& x) noexcept;

/// The members of `x` in the order in which JavaScript enumerates them: array indices ascending,
/// then the rest as inserted. Valid as long as `x` is not changed.
std::vector<const json::key_value_pair*> javascript_order(const json::object& x);

/// Calls `visit` for each member of `x` in the order of JavaScript. Allocates only when a key is an
/// array index.
template <class Visitor>
void for_each_member(const json::object& x, Visitor&& visit) {
  if (! has_index_key(x)) {
    for (const auto& member : x)
      visit(member);
    return;
  }
  for (const auto* member : javascript_order(x))
    visit(*member);
}

} // namespace atrium
