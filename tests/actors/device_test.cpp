#include "actors/failure.hpp"
#include "tests/actors/model_fixture.hpp"

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

const storage::failure full{errc::storage_full, "the disk is full"};

struct fixture : model_fixture {
  fixture() {
    put("demo.0.lamp", {{"type", "device"}});
    put("demo.0.lamp.on", {{"type", "state"}});
    adapter = own(sys.spawn(fake_adapter));
    self->send(catalog, atom::attach_v, std::string{"demo.0"}, adapter);
    run();
  }

  auto start(write_request x) {
    auto result = self->request(catalog, caf::infinite, atom::write_v, std::move(x));
    run();
    return result;
  }

  static caf::error refused(auto pending) {
    caf::error result;
    pending.receive([](sequence) { FAIL("answered, expected an error"); },
                    [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  static bool succeeded(auto pending) {
    auto result = false;
    pending.receive([&](sequence) { result = true; }, [](caf::error&) {});
    return result;
  }

  adapter_log& heard() {
    return state_of<adapter_log>(adapter);
  }

  adapter_actor adapter;
};

state_write partial(std::uint32_t q) {
  state_write result;
  result.q = q;
  result.from = "test";
  return result;
}

} // namespace

TEST_CASE_METHOD(fixture, "two partial writes in flight lose nothing") {
  auto a = self->request(catalog, caf::infinite, atom::write_v, make_write("x.a", 7, true));
  write_request second;
  second.id = "x.a";
  second.write = partial(1);
  auto b = self->request(catalog, caf::infinite, atom::write_v, second);
  run();
  CHECK(succeeded(std::move(a)));
  CHECK(succeeded(std::move(b)));
  CHECK(state_at("x.a")->val == json::value(7));
  CHECK(state_at("x.a")->q == 1);
}

TEST_CASE_METHOD(fixture, "a refused append falls back to the committed value") {
  set(make_write("x.a", 1, true));
  control->failure = full;
  auto lost = start(make_write("x.a", 2, true));
  CHECK(refused(std::move(lost)) == errc::storage_full);
  CHECK(value_at("x.a") == json::value(1));
  control->failure.reset();
  write_request confirm;
  confirm.id = "x.a";
  confirm.write = partial(0);
  set(confirm);
  CHECK(value_at("x.a") == json::value(1));
}

TEST_CASE_METHOD(fixture, "the first value that is refused leaves none") {
  control->failure = full;
  auto lost = start(make_write("x.new", 2));
  CHECK(succeeded(std::move(lost)) == false);
  control->failure.reset();
  CHECK(state_at("x.new") == nullptr);
  write_request confirm;
  confirm.id = "x.new";
  confirm.write = partial(0);
  set(confirm);
  CHECK(value_at("x.new").is_null());
}

TEST_CASE_METHOD(fixture, "a command is durable once the adapter has accepted it") {
  auto pending = start(make_write("demo.0.lamp.on", true));
  REQUIRE(heard().commands.size() == 1);
  CHECK(heard().commands[0].value.val == json::value(true));
  CHECK(state_at("demo.0.lamp.on") == nullptr);
  heard().answers[0].deliver(caf::ok_atom_v);
  run();
  CHECK(succeeded(std::move(pending)));
  CHECK(value_at("demo.0.lamp.on") == json::value(true));
}

TEST_CASE_METHOD(fixture, "a refused command changes nothing and tells why") {
  auto commits = control->commits.size();
  auto pending = start(make_write("demo.0.lamp.on", true));
  heard().answers[0].deliver(caf::make_error(errc::device_offline, std::string{"no power"}));
  run();
  CHECK(error_text(refused(std::move(pending))) == "no power");
  CHECK(state_at("demo.0.lamp.on") == nullptr);
  CHECK(control->commits.size() == commits);
}

TEST_CASE_METHOD(fixture, "a command that the adapter leaves unanswered is refused in time") {
  auto pending = start(make_write("demo.0.lamp.on", true));
  advance(10s);
  CHECK(refused(std::move(pending)) == errc::timeout);
  heard().answers[0].deliver(caf::ok_atom_v);
  run();
  CHECK(state_at("demo.0.lamp.on") == nullptr);
}

TEST_CASE_METHOD(fixture, "commands to one state become durable in their order") {
  auto first = start(make_write("demo.0.lamp.on", 1));
  auto second = start(make_write("demo.0.lamp.on", 2));
  auto third = start(make_write("demo.0.lamp.on", 3, true));
  REQUIRE(heard().answers.size() == 2);
  heard().answers[1].deliver(caf::ok_atom_v);
  run();
  CHECK(state_at("demo.0.lamp.on") == nullptr);
  heard().answers[0].deliver(caf::ok_atom_v);
  run();
  CHECK(succeeded(std::move(first)));
  CHECK(succeeded(std::move(second)));
  CHECK(succeeded(std::move(third)));
  std::vector<json::value> seen;
  for (auto& batch : state_of<feed_log>(feed).batches)
    for (auto& x : batch->writes)
      if (auto* change = std::get_if<state_change>(&x))
        seen.push_back(change->value->val);
  CHECK(seen == std::vector<json::value>{1, 2, 3});
}

TEST_CASE_METHOD(fixture, "a report overtakes the commands that wait for the adapter") {
  auto pending = start(make_write("demo.0.lamp.on", true));
  auto report = make_write("demo.0.lamp.on", false, true);
  report.from_owner = true;
  set(report);
  CHECK(value_at("demo.0.lamp.on") == json::value(false));
  heard().answers[0].deliver(caf::ok_atom_v);
  run();
  CHECK(succeeded(std::move(pending)));
}

TEST_CASE_METHOD(fixture,
                 "a command whose adapter dies is refused, later ones are written anyway") {
  auto pending = start(make_write("demo.0.lamp.on", true));
  heard().answers.clear();
  self->send_exit(adapter, caf::exit_reason::kill);
  advance(10s);
  CHECK_FALSE(succeeded(std::move(pending)));
  self->send(catalog, atom::detach_v, std::string{"demo.0"});
  run();
  set(make_write("demo.0.lamp.on", true));
  CHECK_FALSE(state_at("demo.0.lamp.on")->ack);
}

TEST_CASE_METHOD(fixture, "a device that dies comes back with what was committed") {
  set(make_write("demo.0.lamp.on", 5, true));
  auto waiting = start(make_write("demo.0.lamp.on", 6));
  auto& slots = state_of<catalog_state>(catalog);
  auto device = slots.device_of("demo.0.lamp.on");
  REQUIRE(device);
  self->send_exit(device, caf::exit_reason::kill);
  run();
  CHECK_FALSE(succeeded(std::move(waiting)));
  write_request confirm;
  confirm.id = "demo.0.lamp.on";
  confirm.write = partial(2);
  confirm.write.ack = true;
  set(confirm);
  CHECK(value_at("demo.0.lamp.on") == json::value(5));
  CHECK(state_at("demo.0.lamp.on")->q == 2);
  CHECK(slots.device_of("demo.0.lamp.on") != device);
}

TEST_CASE_METHOD(fixture, "writes are rounded to the step of their object") {
  put("x.level", {{"type", "state"}, {"common", {{"step", 5}}}});
  set(make_write("x.level", 12, true));
  CHECK(value_at("x.level") == json::value(10));
}

TEST_CASE_METHOD(actor_fixture, "a journal that stalls makes the gauge high, and producers stop") {
  auto gauge = std::make_shared<journal_gauge>(journal_gauge::limits{.appends_max = 5});
  std::vector<caf::typed_response_promise<sequence>> held;
  auto stalled = own(sys.spawn([&](journal_actor::pointer me) -> journal_actor::behavior_type {
    return {
      [&held, me](atom::append, const owner_actor&, append_generation, const storage::write&) {
        return held.emplace_back(me->make_response_promise<sequence>());
      },
      [](atom::fence) { return sequence{0}; },
      [](atom::serve, const feed_actor&) {},
      [](atom::feed, const feed_actor&) {},
      [](atom::commit) {},
      [](atom::tick) {},
    };
  }));
  auto aut = own(sys.spawn(device, device_options{}, stalled, gauge));
  for (auto i = 0; i < 5; ++i) {
    CHECK_FALSE(gauge->high());
    self->send(aut, atom::write_v, make_write("a", i), write_route{});
    run();
  }
  CHECK(gauge->high());
  CHECK(held.size() == 5);
}
