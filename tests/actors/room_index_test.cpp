#include "actors/room_index.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace atrium;

namespace {

using names = std::vector<std::string>;

names selected(room_index& aut, const selection& x) {
  std::vector<room_index::slot> slots;
  aut.select(x, slots);
  names result;
  for (auto i : slots)
    result.push_back(aut.name_of(i));
  std::sort(result.begin(), result.end());
  return result;
}

struct house {
  house() {
    for (auto* name : {"ann", "bob", "cid"})
      slots[name] = *aut.add(name, {});
    aut.join(slots["ann"], "kitchen");
    aut.join(slots["bob"], "kitchen");
    aut.join(slots["bob"], "hall");
  }
  room_index aut;
  std::map<std::string, room_index::slot> slots;
};

} // namespace

TEST_CASE_METHOD(house, "a selection is the union of its rooms less the union of its exceptions") {
  CHECK(selected(aut, {}) == names{"ann", "bob", "cid"});
  CHECK(selected(aut, {{"kitchen"}, {}}) == names{"ann", "bob"});
  CHECK(selected(aut, {{"kitchen", "hall"}, {}}) == names{"ann", "bob"});
  CHECK(selected(aut, {{"kitchen"}, {"hall"}}) == names{"ann"});
  CHECK(selected(aut, {{}, {"kitchen"}}) == names{"cid"});
  CHECK(selected(aut, {{"nowhere"}, {}}).empty());
}

TEST_CASE_METHOD(house, "the id of a socket is a room, also in exceptions") {
  CHECK(selected(aut, {{"cid"}, {}}) == names{"cid"});
  CHECK(selected(aut, {{"cid", "hall", "bob"}, {}}) == names{"bob", "cid"});
  CHECK(selected(aut, {{}, {"ann"}}) == names{"bob", "cid"});
  CHECK(aut.rooms() == 2);
}

TEST_CASE_METHOD(house, "joining twice and leaving a room one is not in change nothing") {
  CHECK_FALSE(aut.join(slots["ann"], "kitchen"));
  CHECK_FALSE(aut.leave(slots["ann"], "hall"));
  CHECK_FALSE(aut.join(slots["ann"], "ann"));
  CHECK(aut.rooms_of(slots["ann"]) == names{"kitchen"});
}

TEST_CASE_METHOD(house, "an empty room is gone") {
  auto change = aut.leave(slots["bob"], "hall");
  REQUIRE(change);
  CHECK(change->room == "hall");
  CHECK(change->size == 0);
  CHECK(aut.rooms() == 1);
  CHECK(aut.in("hall").empty());
}

TEST_CASE_METHOD(house, "a removed socket's slot and name are free again") {
  for (auto& room : names{aut.rooms_of(slots["ann"])})
    aut.leave(slots["ann"], room);
  aut.remove(slots["ann"]);
  CHECK(selected(aut, {{"kitchen"}, {}}) == names{"bob"});
  CHECK_FALSE(aut.find("ann"));
  CHECK(aut.add("ann", {}) == slots["ann"]);
  CHECK(aut.rooms_of(slots["ann"]).empty());
  CHECK_FALSE(aut.add("ann", {}));
}

TEST_CASE("the index agrees with plain sets over ten thousand random steps") {
  room_index aut;
  std::map<std::string, std::set<std::string>> model;
  std::map<std::string, room_index::slot> slots;
  std::mt19937 random{11};
  auto name = [&](const char* kind, int n) { return kind + std::to_string(random() % n); };
  for (auto step = 0; step < 10'000; ++step) {
    auto socket = name("s", 12), room = name("r", 6);
    auto known = model.contains(socket);
    switch (random() % 4) {
      case 0:
        if (auto i = aut.add(socket, {}); i) {
          CHECK_FALSE(known);
          slots[socket] = *i;
          model[socket];
        }
        break;
      case 1:
        if (known && random() % 4 == 0) {
          for (auto& x : names{aut.rooms_of(slots[socket])})
            aut.leave(slots[socket], x);
          aut.remove(slots[socket]);
          model.erase(socket);
        }
        break;
      case 2:
        if (known)
          CHECK(aut.join(slots[socket], room).has_value() == model[socket].insert(room).second);
        break;
      default:
        if (known)
          CHECK(aut.leave(slots[socket], room).has_value() == (model[socket].erase(room) == 1));
    }
    selection what;
    for (auto n = random() % 3; n > 0; --n)
      what.rooms.push_back(name("r", 6));
    for (auto n = random() % 2; n > 0; --n)
      what.except.push_back(name("r", 6));
    auto in_any = [](const std::set<std::string>& mine, const names& xs) {
      return std::ranges::any_of(xs, [&](auto& x) { return mine.contains(x); });
    };
    names expected;
    for (auto& [s, mine] : model)
      if ((what.rooms.empty() || in_any(mine, what.rooms)) && ! in_any(mine, what.except))
        expected.push_back(s);
    REQUIRE(selected(aut, what) == expected);
  }
}
