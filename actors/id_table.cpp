#include "actors/id_table.hpp"

#include "schema/id.hpp"

namespace atrium {

id_entry* id_table::find(std::string_view id) {
  auto i = entries_.find(id);
  return i == entries_.end() ? nullptr : &i->second;
}

const id_entry* id_table::find(std::string_view id) const {
  auto i = entries_.find(id);
  return i == entries_.end() ? nullptr : &i->second;
}

std::pair<id_entry*, bool> id_table::at(std::string_view id) {
  if (auto* known = find(id))
    return {known, false};
  auto i = entries_.emplace(id, id_entry{}).first;
  // Recovery mostly comes in order, and then the end is where the new one belongs.
  order_.insert(order_.end(), &*i);
  return {&i->second, true};
}

void id_table::starting_with(std::string_view prefix, const visitor& visit) {
  for (auto i = order_.lower_bound(prefix); i != order_.end() && (*i)->first.starts_with(prefix);
       ++i)
    visit((*i)->first, (*i)->second);
}

void id_table::below(std::string_view id, const visitor& visit) {
  // Between an id and its children stand ids like "a b", for a blank sorts before the dot.
  starting_with(id, [&](const std::string& x, id_entry& entry) {
    if (is_below(x, id))
      visit(x, entry);
  });
}

} // namespace atrium
