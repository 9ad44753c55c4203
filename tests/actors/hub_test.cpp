#include "actors/hub.hpp"
#include "actors/start.hpp"
#include "actors/stop_order.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/actor_fixture.hpp"

#include <numeric>

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  fixture() {
    aut = sys.spawn(hub, on_stopped{[this](int x) { codes.push_back(x); }});
  }

  /// An actor that notes its end, or ignores that it is asked to end.
  caf::actor child(std::string name, bool obeys = true) {
    return sys.spawn([this, name, obeys](caf::event_based_actor* me) -> caf::behavior {
      me->set_exit_handler([this, name, obeys, me](const caf::exit_msg& x) {
        if (! obeys)
          return;
        ended.push_back(name);
        me->quit(x.reason);
      });
      return {[](atom::tick) {}};
    });
  }

  void adopt(stop_stage stage, const caf::actor& x, bool core = true) {
    self->send(aut, atom::adopt_v, stage, caf::actor_cast<caf::strong_actor_ptr>(x), core);
    run();
  }

  std::vector<int> codes;
  std::vector<std::string> ended;
  hub_actor aut;
};

} // namespace

TEST_CASE_METHOD(fixture, "the hub stops its stages in order and succeeds") {
  adopt(stop_stage::journal, child("journal"));
  adopt(stop_stage::model, child("catalog"));
  adopt(stop_stage::connections, child("connection"));
  self->send(aut, atom::stop_v);
  self->send(aut, atom::stop_v);
  run();
  CHECK(ended == std::vector<std::string>{"connection", "catalog", "journal"});
  CHECK(codes == std::vector<int>{0});
}

TEST_CASE_METHOD(fixture, "a core actor that dies stops everything with a failure") {
  auto journal = child("journal");
  adopt(stop_stage::journal, journal);
  adopt(stop_stage::model, child("catalog"));
  self->send_exit(journal, caf::exit_reason::kill);
  run();
  CHECK(ended == std::vector<std::string>{"catalog"});
  CHECK(codes == std::vector<int>{1});
}

TEST_CASE_METHOD(fixture, "another actor that dies is forgotten") {
  auto x = child("namespace");
  adopt(stop_stage::namespaces, x, false);
  self->send_exit(x, caf::exit_reason::kill);
  run();
  CHECK(codes.empty());
  self->send(aut, atom::stop_v);
  run();
  CHECK(codes == std::vector<int>{0});
}

TEST_CASE_METHOD(fixture, "what hangs is killed when the grace of its stage is over") {
  adopt(stop_stage::adapters, child("adapter", false));
  adopt(stop_stage::journal, child("journal"));
  self->send(aut, atom::stop_v);
  run();
  CHECK(ended.empty());
  advance(5s);
  CHECK(ended == std::vector<std::string>{"journal"});
  CHECK(codes == std::vector<int>{1});
}

TEST_CASE("stopping takes less than ten seconds") {
  auto total = std::accumulate(stop_order.begin(), stop_order.end(), 0ms,
                               [](auto sum, auto& x) { return sum + x.grace; });
  CHECK(total < 10s);
}

TEST_CASE_METHOD(actor_fixture, "a model starts, serves, and stops with everything committed") {
  auto folder = storage::make_memory_folder();
  std::vector<int> codes;
  model_options options;
  options.detached = false;
  options.adapters.instances.push_back({"demo", "demo.0", {}});
  auto aut
    = start_model(runtime, folder, options, [&](int code) { codes.push_back(code); }).value();
  run();
  CHECK(
    ask<state_ptr>(aut.catalog, atom::get_state_v, std::string{"demo.0.livingroom.temperature"}));
  self->send(aut.hub, atom::stop_v);
  run();
  CHECK(codes == std::vector<int>{0});
  aut = {};
  run();
  auto model = folder->open_store().value()->recover().value();
  CHECK(std::ranges::any_of(model.states,
                            [](auto& x) { return x.change.id == "demo.0.livingroom.lamp.on"; }));
}
