#include "actors/failure.hpp"
#include "tests/actors/model_fixture.hpp"

using namespace atrium;
using namespace atrium::test;

namespace {

struct fixture : model_fixture {
  json::value states(states_query query) {
    return json::parse(*ask<text_ptr>(catalog, atom::get_states_v, std::move(query)));
  }

  json::value objects(objects_query query) {
    return json::parse(*ask<text_ptr>(catalog, atom::getobjects_v, std::move(query)));
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "whoever has the answer reads the new value everywhere") {
  CHECK(set(make_write("a.b", 42)) == 1);
  CHECK(value_at("a.b") == json::value(42));
  CHECK(states({{"a.b"}, ""}).at("a.b").at("val") == 42);
  auto query = history_query{};
  query.id = "a.b";
  query.end = now + 1;
  auto values = json::parse(*ask<text_ptr>(readers, atom::history_v, query));
  REQUIRE(values.as_array().size() == 1);
  CHECK(values.at(0).at("val") == 42);
}

TEST_CASE_METHOD(fixture, "a pattern finds state objects, with null for those without a value") {
  put("a.x", {{"type", "state"}});
  put("a.y", {{"type", "state"}});
  put("a.c", {{"type", "channel"}});
  set(make_write("a.x", 1));
  set(make_write("a.no_object", 2));
  auto found = states({{}, "a.*"}).as_object();
  CHECK(found.size() == 2);
  CHECK(found.at("a.x").at("val") == 1);
  CHECK(found.at("a.y").is_null());
}

TEST_CASE_METHOD(fixture, "named states are all there, unknown ones with null") {
  set(make_write("a.x", 1));
  auto found = states({{"a.x", "a.*"}, ""}).as_object();
  CHECK(found.at("a.x").at("val") == 1);
  CHECK(found.at("a.*").is_null());
  CHECK(states({}).as_object().empty());
}

TEST_CASE_METHOD(fixture, "a large answer comes from the readers and is the same") {
  std::vector<std::string> ids;
  for (auto i = 0; i < 100; ++i) {
    ids.push_back("a." + std::to_string(i));
    set(make_write(ids.back(), i));
  }
  auto found = states({ids, ""}).as_object();
  CHECK(found.size() == 100);
  CHECK(found.at("a.99").at("val") == 99);
}

TEST_CASE_METHOD(fixture, "objects are journaled, published and read back") {
  auto seq = put("a.x", {{"type", "state"}, {"common", {{"name", "x"}}}});
  auto x = ask<object_ptr>(catalog, atom::get_object_v, std::string{"a.x"});
  REQUIRE(x);
  CHECK(json::parse(x->text).at("common").at("name") == "x");
  auto& batches = state_of<feed_log>(feed).batches;
  REQUIRE_FALSE(batches.empty());
  CHECK(batches.back()->first == seq);
  CHECK(std::get<storage::object_change>(batches.back()->writes[0]).id == "a.x");
  CHECK_FALSE(ask<object_ptr>(catalog, atom::get_object_v, std::string{"nope"}));
}

TEST_CASE_METHOD(fixture, "two writes to an object in flight are merged in their order") {
  auto a
    = self->request(catalog, caf::infinite, atom::put_object_v,
                    make_object_write("a", {{"type", "state"},
                                            {"common", {{"custom", {{"h.0", {{"on", true}}}}}}}}));
  auto b = self->request(catalog, caf::infinite, atom::put_object_v,
                         make_object_write("a", {{"type", "state"}, {"common", {{"name", "n"}}}}));
  run();
  for (auto* pending : {&a, &b})
    pending->receive([](sequence) {}, [this](caf::error& x) { FAIL(sys.render(x)); });
  auto body = json::parse(ask<object_ptr>(catalog, atom::get_object_v, std::string{"a"})->text);
  CHECK(body.at("common").at("name") == "n");
  CHECK(body.at("common").at("custom").as_object().contains("h.0"));
}

TEST_CASE_METHOD(fixture, "a refused object leaves the committed one") {
  put("a", {{"type", "state"}, {"common", {{"name", "old"}}}});
  control->failure = storage::failure{errc::storage_full, "full"};
  auto error
    = ask_error<sequence>(catalog, atom::put_object_v, make_object_write("a", {{"type", "state"}}));
  CHECK(error == errc::storage_full);
  control->failure.reset();
  auto text = ask<object_ptr>(catalog, atom::get_object_v, std::string{"a"})->text;
  CHECK(json::parse(text).at("common").at("name") == "old");
  put("a", {{"type", "state"}, {"common", {{"name", "new"}}}});
  CHECK(
    error_text(ask_error<sequence>(catalog, atom::put_object_v, make_object_write("a", nullptr)))
    == "null object");
}

TEST_CASE_METHOD(fixture, "a default is there once its object is acknowledged, and never again") {
  put("a.def", {{"type", "state"}, {"common", {{"def", 20}}}});
  auto first = state_at("a.def");
  REQUIRE(first);
  CHECK(first->val == json::value(20));
  CHECK(first->ack);
  CHECK(first->q == quality_initial);
  set(make_write("a.def", 21));
  put("a.def", {{"type", "state"}, {"common", {{"def", 30}}}});
  CHECK(value_at("a.def") == json::value(21));
}

TEST_CASE_METHOD(fixture, "objects carry the enums of two levels above; states of all only rooms") {
  put("d.lamp", {{"type", "device"}});
  put("d.lamp.on", {{"type", "state"}});
  put("enum.rooms.hall",
      {{"type", "enum"}, {"common", {{"name", "Hall"}, {"members", {"d.lamp"}}}}});
  put("enum.functions.light",
      {{"type", "enum"}, {"common", {{"name", "Light"}, {"members", {"d.lamp.on"}}}}});
  auto named = objects({{"d.lamp.on", "nope"}, false}).as_object();
  CHECK(named.size() == 1);
  CHECK(named.at("d.lamp.on").at("enums")
        == json::value{{"enum.rooms.hall", "Hall"}, {"enum.functions.light", "Light"}});
  auto all = objects({{}, true}).as_object();
  CHECK(all.at("d.lamp.on").at("enums") == json::value{{"enum.rooms.hall", "Hall"}});
  CHECK(all.at("d.lamp").at("enums") == json::value{{"enum.rooms.hall", "Hall"}});
}

TEST_CASE_METHOD(fixture, "ids change hands without a second writer when a device comes and goes") {
  set(make_write("d.lamp.on", 1, true));
  auto& inside = state_of<catalog_state>(catalog);
  auto pool = inside.device_of("d.lamp.on");
  // All in flight at once: a write, the device object, a write that only confirms.
  auto write
    = self->request(catalog, caf::infinite, atom::write_v, make_write("d.lamp.on", 2, true));
  auto object = self->request(catalog, caf::infinite, atom::put_object_v,
                              make_object_write("d.lamp", {{"type", "device"}}));
  run();
  write_request confirm;
  confirm.id = "d.lamp.on";
  confirm.write.q = 4;
  set(confirm);
  CHECK(value_at("d.lamp.on") == json::value(2));
  CHECK(state_at("d.lamp.on")->q == 4);
  auto own_device = inside.device_of("d.lamp.on");
  CHECK(own_device != pool);
  put("d.lamp", {{"type", "channel"}});
  confirm.write.q = 8;
  set(confirm);
  CHECK(value_at("d.lamp.on") == json::value(2));
  CHECK(inside.device_of("d.lamp.on") != own_device);
  for (auto* pending : {&write, &object})
    pending->receive([](sequence) {}, [this](caf::error& x) { FAIL(sys.render(x)); });
}

TEST_CASE_METHOD(fixture, "writes wait while their device is handed over") {
  set(make_write("d.lamp.on", 1, true));
  auto object = self->request(catalog, caf::infinite, atom::put_object_v,
                              make_object_write("d.lamp", {{"type", "device"}}));
  for (auto i = 0; i < 20; ++i)
    self->send(catalog, atom::write_v, make_write("d.lamp.on", i, true));
  for (auto i = 0; i < 20; ++i) {
    runtime.at(0).step();
    self->send(catalog, atom::write_v, make_write("d.lamp.on", 100 + i, true));
  }
  run();
  object.receive([](sequence) {}, [this](caf::error& x) { FAIL(sys.render(x)); });
  CHECK(value_at("d.lamp.on") == json::value(119));
  std::size_t changes = 0;
  for (auto& batch : state_of<feed_log>(feed).batches)
    for (auto& x : batch->writes)
      changes += std::holds_alternative<state_change>(x);
  CHECK(changes == 41);
}

TEST_CASE_METHOD(fixture, "the states of an adapter that is gone say so and keep their values") {
  set(make_write("demo.0.a", 5, true));
  set(make_write("demo.0.b", 6));
  set(make_write("demo.00.c", 7));
  self->send(catalog, atom::detach_v, std::string{"demo.0"});
  run();
  CHECK(state_at("demo.0.a")->q == quality_not_connected);
  CHECK(state_at("demo.0.a")->val == json::value(5));
  CHECK(state_at("demo.0.a")->ack);
  CHECK_FALSE(state_at("demo.0.b")->ack);
  CHECK(state_at("demo.00.c")->q == 0);
}

TEST_CASE_METHOD(fixture,
                 "an adapter hears of every write once: as what is known or as a command") {
  set(make_write("demo.0.a", 1, true));
  set(make_write("demo.0.b", 2, true));
  set(make_write("demo.00.c", 3, true));
  auto adapter = own(sys.spawn(fake_adapter));
  auto& heard = state_of<adapter_log>(adapter);
  // All in flight at once: the adapter comes between two writes.
  self->send(catalog, atom::write_v, make_write("demo.0.a", 10));
  self->send(catalog, atom::attach_v, std::string{"demo.0"}, adapter);
  auto command = self->request(catalog, caf::infinite, atom::write_v, make_write("demo.0.b", 20));
  CHECK_FALSE(heard.known);
  run();
  REQUIRE(heard.known);
  REQUIRE(heard.known->size() == 2);
  CHECK(heard.known->at(0).first == "demo.0.a");
  CHECK(heard.known->at(0).second->val == json::value(10));
  CHECK_FALSE(heard.known->at(0).second->ack);
  CHECK(heard.known->at(1).second->val == json::value(2));
  REQUIRE(heard.commands.size() == 1);
  CHECK(heard.commands[0].id == "demo.0.b");
  heard.answers[0].deliver(caf::ok_atom_v);
  run();
  command.receive([](sequence) {}, [this](caf::error& x) { FAIL(sys.render(x)); });
  CHECK(value_at("demo.0.b") == json::value(20));
}

TEST_CASE_METHOD(fixture, "an adapter starts from what is committed when its devices die or fail") {
  set(make_write("demo.0.a", 1, true));
  auto adapter = own(sys.spawn(fake_adapter));
  auto& heard = state_of<adapter_log>(adapter);
  control->failure = storage::failure{errc::storage_full, "full"};
  self->send(catalog, atom::write_v, make_write("demo.0.a", 2));
  self->send_exit(state_of<catalog_state>(catalog).device_of("demo.0.a"), caf::exit_reason::kill);
  self->send(catalog, atom::attach_v, std::string{"demo.0"}, adapter);
  run();
  REQUIRE(heard.known);
  CHECK(heard.known->at(0).second->val == json::value(1));
  control->failure.reset();
  set(make_write("demo.0.a", 3, true));
  CHECK(value_at("demo.0.a") == json::value(3));
}

TEST_CASE_METHOD(fixture, "the objects that pages expect are written at the first start only") {
  self->send(catalog, atom::start_v);
  run();
  auto uuid = ask<object_ptr>(catalog, atom::get_object_v, std::string{"system.meta.uuid"});
  REQUIRE(uuid);
  for (auto id : {"system.config", "system.user.admin", "system.group.administrator",
                  "system.group.user", "enum.rooms", "enum.functions", "system.host.atrium",
                  "system.adapter.atrium.0", "system.adapter.history.0", "_design/system"})
    CHECK(ask<object_ptr>(catalog, atom::get_object_v, std::string{id}));
  CHECK(value_at("system.adapter.atrium.0.alive") == json::value(true));
  self->send(catalog, atom::start_v);
  run();
  CHECK(ask<object_ptr>(catalog, atom::get_object_v, std::string{"system.meta.uuid"})->text
        == uuid->text);
}

TEST_CASE_METHOD(fixture, "a new object gets the default rights of the installation") {
  put("system.config",
      {{"type", "config"}, {"common", {{"defaultNewAcl", {{"object", 1636}, {"owner", "u"}}}}}});
  put("a", {{"type", "state"}});
  auto x = ask<object_ptr>(catalog, atom::get_object_v, std::string{"a"});
  CHECK(json::parse(x->text).at("acl").at("object") == 1636);
}

TEST_CASE_METHOD(fixture, "a catalog starts with what the storage recovered") {
  put("d.lamp", {{"type", "device"}});
  set(make_write("d.lamp.on", 3));
  storage::recovered model;
  model.objects.push_back({"d.lamp", R"({"_id":"d.lamp","type":"device"})"});
  model.objects.push_back({"bad", "{"});
  state x;
  x.val = 9;
  x.ts = x.lc = 1'600'000'000'000;
  model.states.push_back({7, {"d.lamp.on", x}});
  auto aut
    = own(sys.spawn(atrium::catalog, catalog_options{}, catalog_links{journal, readers, gauge},
                    std::make_shared<const storage::recovered>(std::move(model))));
  run();
  CHECK(ask<state_ptr>(aut, atom::get_state_v, std::string{"d.lamp.on"})->val == json::value(9));
  CHECK(ask<object_ptr>(aut, atom::get_object_v, std::string{"d.lamp"})->type == "device");
  CHECK_FALSE(ask<object_ptr>(aut, atom::get_object_v, std::string{"bad"}));
}
