#include "actors/id_table.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

TEST_CASE("an id table finds ids by name and walks them in order") {
  id_table aut;
  for (auto id : {"a.b.c", "a", "a b", "a.b", "ab", "b"}) {
    auto [entry, added] = aut.at(id);
    CHECK(added);
    CHECK(aut.find(id) == entry);
  }
  CHECK_FALSE(aut.at("a.b").second);
  CHECK(aut.find("c") == nullptr);
  CHECK(aut.size() == 6);
  std::vector<std::string> seen;
  auto note = [&](const std::string& id, id_entry&) { seen.push_back(id); };
  aut.below("a", note);
  CHECK(seen == std::vector<std::string>{"a", "a.b", "a.b.c"});
  seen.clear();
  aut.starting_with("a", note);
  CHECK(seen == std::vector<std::string>{"a", "a b", "a.b", "a.b.c", "ab"});
  seen.clear();
  aut.starting_with("", note);
  CHECK(seen.size() == 6);
}
