#include "actors/adapters/demo_home.hpp"
#include "actors/keeper.hpp"
#include "tests/actors/model_fixture.hpp"

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

struct fixture : model_fixture {
  adapter_context context(std::string instance = "demo.0") {
    return {&runtime.at(0), std::move(instance), model_actor{catalog}, gauge};
  }

  keeper_actor keep_demo() {
    return keep([this](const adapter_instance& x) {
      return make_adapter(x.type, context(x.name), x.settings);
    });
  }

  keeper_actor keep(start_adapter start) {
    keeper_options options;
    options.instances.push_back({"demo", "demo.0", {}});
    auto result = own(sys.spawn(keeper, options, catalog, std::move(start)));
    run();
    return result;
  }
};

} // namespace

// The contract of every adapter, present and future.
TEST_CASE_METHOD(fixture, "adapters refuse what they do not know and end when they are asked to") {
  for (auto& entry : known_adapters()) {
    DYNAMIC_SECTION(entry.type) {
      auto aut = own(make_adapter(entry.type, context(), {}).value());
      self->monitor(aut);
      run();
      auto error
        = ask_error<caf::ok_atom>(aut, atom::command_v, device_command{"demo.0.no.such.state", {}});
      CHECK(error == errc::device_offline);
      self->send_exit(aut, caf::exit_reason::user_shutdown);
      run();
      CHECK_FALSE(self->mailbox().empty());
      self->receive([&](const caf::down_msg& x) { CHECK(x.source == aut); });
    }
  }
}

TEST_CASE_METHOD(fixture, "unknown adapters and wrong settings are an error") {
  CHECK(make_adapter("nope", context(), {}).error() == make_error_code(errc::no_such_adapter));
  CHECK(make_adapter("demo", context(), {{"interval_ms", "often"}}).error()
        == make_error_code(errc::invalid_config));
}

TEST_CASE_METHOD(fixture, "the demo confirms a command with ack after a moment, and lives") {
  keep_demo();
  REQUIRE(ask<object_ptr>(catalog, atom::get_object_v, std::string{"demo.0.livingroom.lamp.on"}));
  REQUIRE(state_at("demo.0.livingroom.temperature"));
  set(make_write("demo.0.livingroom.lamp.on", true));
  CHECK_FALSE(state_at("demo.0.livingroom.lamp.on")->ack);
  advance(100ms);
  CHECK(value_at("demo.0.livingroom.lamp.on") == json::value(true));
  CHECK(state_at("demo.0.livingroom.lamp.on")->ack);
  now += 60'000;
  advance(60s);
  CHECK(state_at("demo.0.livingroom.temperature")->ts == now);
}

TEST_CASE_METHOD(fixture, "the demo goes on from what is committed and reports only what changed") {
  auto before = now;
  set(make_write("demo.0.livingroom.lamp.on", true, true));
  set(make_write("demo.0.kitchen.lamp.on", false, true));
  set(make_write("demo.0.bathroom.thermostat.target", 25.5, true));
  auto weak = make_write("demo.0.bathroom.thermostat.actual", 23, true);
  weak.write.q = quality_not_connected;
  set(std::move(weak));
  set(make_write("demo.0.info.connection", false, true));
  set(make_write("demo.0.no.such.state", 1, true));
  now += 60'000;
  keep_demo();
  auto is = [this](const char* id, const json::value& value, epoch_ms ts) {
    auto x = state_at(std::string{"demo.0."} + id);
    INFO(id);
    CHECK(x->val == value);
    CHECK(x->ack);
    CHECK(x->q == 0);
    CHECK(x->ts == ts);
  };
  is("livingroom.lamp.on", true, before);
  is("kitchen.lamp.on", false, before);
  is("bathroom.thermostat.target", 25.5, before);
  is("bathroom.thermostat.actual", 23, now);
  CHECK(state_at("demo.0.bathroom.thermostat.actual")->lc == before);
  is("info.connection", true, now);
  is("bedroom.dimmer.level", 40, now);
  now += 5'000;
  advance(5s);
  is("livingroom.lamp.on", true, before);
  CHECK(state_at("demo.0.bathroom.thermostat.actual")->ts == now);
  CHECK(value_at("demo.0.bathroom.thermostat.actual").to_number<double>() > 22);
}

TEST_CASE_METHOD(fixture, "the demo does what it was asked for and did not confirm") {
  set(make_write("demo.0.bedroom.dimmer.level", 70));
  set(make_write("demo.0.bedroom.dimmer.on", false, true));
  set(make_write("demo.0.livingroom.lamp.on", "nonsense"));
  set(make_write("demo.0.bathroom.thermostat.target", 99, true));
  set(make_write("demo.0.livingroom.temperature", 3));
  keep_demo();
  CHECK(value_at("demo.0.bedroom.dimmer.level") == json::value(70));
  CHECK(state_at("demo.0.bedroom.dimmer.level")->ack);
  CHECK(value_at("demo.0.bedroom.dimmer.on") == json::value(true));
  CHECK(value_at("demo.0.livingroom.lamp.on") == json::value(false));
  CHECK(value_at("demo.0.bathroom.thermostat.target") == json::value(21));
  CHECK(value_at("demo.0.livingroom.temperature") == json::value(20.5));
}

TEST_CASE_METHOD(fixture, "a command while the demo starts is done, not overwritten") {
  set(make_write("demo.0.livingroom.lamp.on", false, true));
  // No turn between the start and the command.
  keeper_options options;
  options.instances.push_back({"demo", "demo.0", {}});
  own(sys.spawn(keeper, options, catalog, start_adapter{[this](const adapter_instance& x) {
                  return make_adapter(x.type, context(x.name), x.settings);
                }}));
  self->send(catalog, atom::write_v, make_write("demo.0.livingroom.lamp.on", true));
  for (auto i = 0; i < 10; ++i) {
    runtime.at(0).step();
    self->send(catalog, atom::write_v, make_write("demo.0.bedroom.dimmer.level", 50 + i));
  }
  run();
  advance(100ms);
  CHECK(value_at("demo.0.livingroom.lamp.on") == json::value(true));
  CHECK(state_at("demo.0.livingroom.lamp.on")->ack);
  CHECK(value_at("demo.0.bedroom.dimmer.level") == json::value(59));
  CHECK(state_at("demo.0.bedroom.dimmer.level")->ack);
}

TEST_CASE_METHOD(fixture, "an adapter that died is started again, a little later each time") {
  std::vector<adapter_actor> started;
  keep([&](const adapter_instance&) -> result<adapter_actor> {
    return started.emplace_back(own(sys.spawn(fake_adapter)));
  });
  set(make_write("demo.0.a", 5, true));
  for (auto delay : {1s, 2s, 4s}) {
    auto before = started.size();
    self->send_exit(started.back(), caf::exit_reason::kill);
    run();
    CHECK(state_at("demo.0.a")->q == quality_not_connected);
    advance(delay - 1ms);
    CHECK(started.size() == before);
    advance(1ms);
    CHECK(started.size() == before + 1);
  }
  advance(10s);
  self->send_exit(started.back(), caf::exit_reason::kill);
  advance(1s);
  CHECK(started.size() == 5);
}

TEST_CASE_METHOD(fixture, "an adapter that cannot start is tried again") {
  auto tries = 0;
  keep([&](const adapter_instance&) -> result<adapter_actor> {
    ++tries;
    return errc::invalid_config;
  });
  CHECK(tries == 1);
  advance(1s);
  CHECK(tries == 2);
}

TEST_CASE_METHOD(fixture, "a keeper ends its adapters before itself") {
  adapter_actor adapter;
  auto aut = keep([&](const adapter_instance&) -> result<adapter_actor> {
    return adapter = sys.spawn(fake_adapter);
  });
  self->monitor(adapter);
  self->monitor(aut);
  self->send_exit(aut, caf::exit_reason::user_shutdown);
  run();
  std::vector<caf::actor_addr> gone;
  for (auto i = 0; i < 2; ++i)
    self->receive([&](const caf::down_msg& x) { gone.push_back(x.source); });
  CHECK(gone[0] == adapter.address());
  CHECK(gone[1] == aut.address());
}

TEST_CASE("the demo home moves by itself and refuses nonsense") {
  adapters::demo_home aut{7};
  auto before = aut.all();
  for (auto i = 0; i < 100; ++i)
    aut.step();
  CHECK(aut.all() != before);
  CHECK(aut.check("livingroom.lamp.on", true).has_value());
  CHECK(aut.check("livingroom.lamp.on", "yes").has_error());
  CHECK(aut.check("bedroom.dimmer.level", 101).has_error());
  CHECK(aut.check("livingroom.temperature", 20).has_error());
  CHECK(aut.check("nope", 20).has_error());
  CHECK(aut.set("bedroom.dimmer.level", 30).size() == 2);
}
