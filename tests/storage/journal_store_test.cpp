#include "storage/memory_store.hpp"
#include "tests/storage/storage_fixture.hpp"
#include "tests/support/faulty_store.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <thread>

using namespace atrium;
using namespace atrium::test;

namespace {

const auto demo_text = std::string{R"({"type":"state","common":{"name":"Küche"},"native":{}})"};

} // namespace

TEST_CASE("a commit gives its writes dense sequences from 1, states and objects in one order") {
  auto disk = disk_storage{};
  auto& aut = *disk.store;
  CHECK(commit(aut, {put("a", 1, 1), put_object("a", demo_text), erase("a")})
        == storage::sequence_range{1, 3});
  CHECK(commit(aut, {erase_object("a")}) == storage::sequence_range{4, 4});
  CHECK(commit(aut, {}) == storage::sequence_range{4, 4});
  disk.reopen();
  CHECK(commit(*disk.store, {put("a", 2, 2)}) == storage::sequence_range{5, 5});
}

TEST_CASE("what was committed is recovered after a restart, folded or not") {
  auto folded = GENERATE(false, true);
  auto disk = disk_storage{};
  auto lamp = value_at(1000, true);
  lamp.ack = false;
  lamp.lc = 500;
  lamp.q = 0x42;
  lamp.user = "system.user.admin";
  lamp.c = "by hand";
  commit(*disk.store, {put("demo.0.lamp.on", lamp), put("demo.0.gone", 1, 1)});
  commit(*disk.store, {put_object("demo.0.lamp", demo_text), put_object("demo.0.old", "{}"),
                       erase("demo.0.gone"), erase_object("demo.0.old")});
  if (folded)
    fold_all(*disk.history, 1);
  disk.reopen();
  auto found = recovered_model(*disk.store);
  CHECK(found.last == 6);
  REQUIRE(found.objects.size() == 1);
  CHECK(found.objects[0] == storage::object_change{"demo.0.lamp", demo_text});
  REQUIRE(found.states.size() == 1);
  CHECK(found.states[0].seq == 1);
  CHECK(found.states[0].change == state_change{"demo.0.lamp.on", lamp});
}

TEST_CASE("every kind of value comes back as it was") {
  auto text = GENERATE(as<std::string>{}, "null", "true", "false", "0", "-1", "9223372036854775807",
                       "18446744073709551615", "0.1", "1.0", "-0.0", "1e300", R"("")", R"("text")",
                       R"("true")", R"("a \u0000 b")", R"("жизнь 🏠")", "[]",
                       R"([1,[2,{"a":null}]])", R"({"a":{"b":[true,"x"]}})");
  auto disk = disk_storage{};
  auto val = json::parse(text);
  commit(*disk.store, {put("a", 1, val)});
  CHECK(recovered_model(*disk.store).states.at(0).change.value->val == val);
  CHECK(json::serialize(read_all(*disk.reader, "a").at(0).value.val) == json::serialize(val));
  fold_all(*disk.history);
  CHECK(recovered_model(*disk.store).states.at(0).change.value->val == val);
  CHECK(json::serialize(read_all(*disk.reader, "a").at(0).value.val) == json::serialize(val));
}

TEST_CASE("a value that is nested deeper than a parser's default is readable again") {
  auto disk = disk_storage{};
  auto val = json::value{1};
  for (auto n = 0; n < 200; ++n)
    val = json::array{std::move(val)};
  commit(*disk.store, {put("a", 1, val)});
  disk.reopen();
  CHECK(recovered_model(*disk.store).states.at(0).change.value->val == val);
}

TEST_CASE("ids may be any text") {
  auto disk = disk_storage{};
  auto ids = std::vector<std::string>{
    "demo.0.Küche.Temperatur", "Дом.0.свет", "家.0.灯", "a'b\"c;--", "demo.0.%_ x",
    std::string(240, 'x')};
  for (auto& id : ids)
    commit(*disk.store, {put(id, 1, json::string{id})});
  fold_all(*disk.history, 2);
  disk.reopen();
  CHECK(recovered_model(*disk.store).states.size() == ids.size());
  for (auto& id : ids)
    CHECK(values_of(read_all(*disk.reader, id)) == std::vector<json::value>{json::string{id}});
}

TEST_CASE("the states of one device are found, and no others") {
  auto folded = GENERATE(0, 1, 2);
  auto disk = disk_storage{};
  for (auto id : {"demo.0.lamp", "demo.0.lamp.on", "demo.0.lamp.x.y", "demo.0.lamp2.on",
                  "demo.0.lamp-2.on", "demo.0.lam", "demo.0.lamp.gone"}) {
    commit(*disk.store, {put(id, 1, json::string{id})});
    if (folded == 1)
      fold_all(*disk.history);
  }
  commit(*disk.store, {erase("demo.0.lamp.gone")});
  if (folded == 2)
    fold_all(*disk.history);
  auto found = disk.store->states_below("demo.0.lamp").value();
  auto ids = std::vector<std::string>{};
  for (auto& x : found)
    ids.push_back(x.change.id);
  std::sort(ids.begin(), ids.end());
  CHECK(ids == std::vector<std::string>{"demo.0.lamp", "demo.0.lamp.on", "demo.0.lamp.x.y"});
  CHECK(disk.store->states_below("nobody").value().empty());
}

TEST_CASE("a store that was told to fail does, and works again when healed") {
  auto control = std::make_shared<faults>();
  auto aut = faulty_store{storage::make_memory_folder()->open_store().value(), control};
  auto one = std::vector<storage::write>{put("a", 1, 1)};
  control->fail_once(errc::storage_full);
  auto failed = aut.commit(one);
  REQUIRE(failed.has_error());
  CHECK(failed.error().code == errc::storage_full);
  CHECK(failed.error().temporary());
  CHECK(aut.recover().value().states.empty());
  CHECK(aut.commit(one).value().last == 1);
  control->fail(errc::storage_failed);
  CHECK_FALSE(aut.commit(one).error().temporary());
  CHECK(aut.commit(one).has_error());
  control->heal();
  CHECK(aut.commit(one).value().last == 2);
  CHECK(control->commits() == 5);
}

TEST_CASE("a store that was told to stall blocks until it is released") {
  auto control = std::make_shared<faults>();
  auto aut = faulty_store{storage::make_memory_folder()->open_store().value(), control};
  control->stall();
  auto last = sequence{0};
  auto other = std::thread{[&aut, &last] {
    auto one = std::vector<storage::write>{put("a", 1, 1)};
    last = aut.commit(one).value().last;
  }};
  control->wait_until_stalled();
  CHECK(aut.recover().value().last == 0);
  control->release();
  other.join();
  CHECK(last == 1);
}
