#include "storage/name_table.hpp"

namespace atrium::storage {

name_table::name_table(sqlite::connection& db, kind what)
  : insert_{db, what == kind::ids ? "INSERT INTO ids(nr, id) VALUES(?, ?)"
                                  : "INSERT INTO sources(nr, source) VALUES(?, ?)"} {
  auto select = sqlite::statement{db, what == kind::ids ? "SELECT nr, id FROM ids ORDER BY nr"
                                                        : "SELECT nr, source FROM sources "
                                                          "ORDER BY nr"};
  while (select.step()) {
    auto number = select.integer(0);
    if (number != static_cast<std::int64_t>(names_.size()) + 1)
      sqlite::raise_corrupt("the numbers of ids or sources have gaps");
    auto [at, added] = numbers_.emplace(select.text(1), number);
    if (! added)
      sqlite::raise_corrupt("an id or source has two numbers");
    names_.push_back(&at->first);
  }
  keep();
}

std::int64_t name_table::number(std::string_view name) {
  if (auto known = numbers_.find(name); known != numbers_.end())
    return known->second;
  auto number = static_cast<std::int64_t>(names_.size()) + 1;
  insert_.bind_all(number, name).run();
  names_.push_back(&numbers_.emplace(name, number).first->first);
  return number;
}

std::int64_t name_table::find(std::string_view name) const {
  auto known = numbers_.find(name);
  return known == numbers_.end() ? 0 : known->second;
}

const std::string& name_table::name(std::int64_t number) const {
  if (number < 1 || static_cast<std::size_t>(number) > names_.size())
    sqlite::raise_corrupt("a row has an id or source without a name");
  return *names_[static_cast<std::size_t>(number) - 1];
}

void name_table::forget() noexcept {
  while (names_.size() > kept_) {
    numbers_.erase(numbers_.find(std::string_view{*names_.back()}));
    names_.pop_back();
  }
}

} // namespace atrium::storage
