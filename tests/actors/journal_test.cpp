#include "actors/failure.hpp"
#include "tests/actors/model_fixture.hpp"

#include <tuple>

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

using event_log = std::shared_ptr<std::vector<std::string>>;

feed_actor::behavior_type named_feed(event_log log, std::string name) {
  return {
    [log, name](atom::publish, const batch_ptr&) { log->push_back(name); },
  };
}

/// Appends, and notes what it hears.
struct fake_owner_state {
  explicit fake_owner_state(owner_actor::pointer) noexcept {
  }
  std::vector<batch_places> committed;
  std::vector<append_generation> refused;
};

owner_actor::behavior_type
fake_owner(owner_actor::stateful_pointer<fake_owner_state> self, event_log log) {
  return {
    [self, log](atom::committed, const batch_ptr&, const batch_places& places) {
      self->state.committed.push_back(places);
      log->push_back("owner");
    },
    [self](atom::refused, append_generation x) { self->state.refused.push_back(x); },
  };
}

struct fixture : actor_fixture {
  explicit fixture(journal_options options = {}) {
    aut = own(sys.spawn(journal, options,
                        storage::journal_store_ptr{
                          std::make_unique<spy_store>(folder->open_store().value(), control)},
                        sequence{0}, gauge));
    owner = own(sys.spawn(fake_owner, log));
    self->send(aut, atom::feed_v, own(sys.spawn(named_feed, log, std::string{"feed"})));
    self->send(aut, atom::serve_v, own(sys.spawn(named_feed, log, std::string{"catalog"})));
    run();
  }

  auto append(std::string id, append_generation generation = 1) {
    storage::write x{state_change{std::move(id), state{}}};
    gauge->enter(x);
    return self->request(aut, caf::infinite, atom::append_v, owner, generation, std::move(x));
  }

  sequence answered(auto pending) {
    sequence result = 0;
    pending.receive([&](sequence x) { result = x; }, [&](caf::error& x) { FAIL(sys.render(x)); });
    return result;
  }

  caf::error refused(auto pending) {
    caf::error result;
    pending.receive([](sequence) { FAIL("answered without a commit"); },
                    [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  fake_owner_state& heard() {
    return state_of<fake_owner_state>(owner);
  }

  event_log log = std::make_shared<std::vector<std::string>>();
  storage::data_folder_ptr folder = storage::make_memory_folder();
  std::shared_ptr<spy_store::controls> control = std::make_shared<spy_store::controls>();
  journal_gauge_ptr gauge = std::make_shared<journal_gauge>();
  journal_actor aut;
  owner_actor owner;
};

struct immediate : fixture {
  immediate() : fixture{{.batch_max = 2'000, .publish_immediately = true}} {
  }
};

struct small_batches : fixture {
  small_batches() : fixture{{.batch_max = 2, .publish_immediately = false}} {
  }
};

const storage::failure full{errc::storage_full, "the disk is full"};
const storage::failure broken{errc::storage_failed, "commit failed"};

} // namespace

TEST_CASE_METHOD(fixture, "appends in flight share one commit and keep their order") {
  auto a = append("a");
  auto b = append("b");
  run();
  CHECK(control->commits == std::vector<std::size_t>{2});
  CHECK(answered(std::move(a)) == 1);
  CHECK(answered(std::move(b)) == 2);
  CHECK(heard().committed == std::vector<batch_places>{{0, 1}});
}

TEST_CASE_METHOD(small_batches, "a commit takes no more than its most") {
  std::ignore = append("a");
  std::ignore = append("b");
  auto c = append("c");
  run();
  CHECK(control->commits == std::vector<std::size_t>{2, 1});
  CHECK(answered(std::move(c)) == 3);
}

TEST_CASE_METHOD(fixture,
                 "promise 3: owner, catalog, feeds and answer hear of a commit in this order") {
  auto asker = own(sys.spawn([this](caf::event_based_actor* me) {
    me->request(aut, caf::infinite, atom::append_v, owner, append_generation{1},
                storage::write{state_change{"a", state{}}})
      .then([this](sequence) { log->push_back("answer"); }, [](caf::error&) {});
  }));
  run();
  CHECK(*log == std::vector<std::string>{"owner", "catalog", "feed", "answer"});
}

TEST_CASE_METHOD(fixture, "a full disk refuses appends, and the next one is tried") {
  control->failure = full;
  auto a = append("a");
  run();
  CHECK(refused(std::move(a)) == errc::storage_full);
  CHECK(heard().refused == std::vector<append_generation>{1});
  CHECK(log->empty());
  CHECK_FALSE(gauge->ready());
  control->failure.reset();
  auto b = append("b", 2);
  run();
  CHECK(answered(std::move(b)) == 1);
  CHECK(gauge->ready());
}

TEST_CASE_METHOD(fixture, "after a refusal the journal looks by itself when it can write again") {
  control->failure = full;
  auto a = append("a");
  run();
  refused(std::move(a));
  CHECK_FALSE(gauge->ready());
  advance(5s);
  CHECK_FALSE(gauge->ready());
  CHECK(control->commits.empty());
  control->failure.reset();
  advance(999ms);
  CHECK_FALSE(gauge->ready());
  advance(1ms);
  CHECK(gauge->ready());
  // It does not go on looking.
  advance(5s);
  CHECK(control->commits == std::vector<std::size_t>{0});
  auto b = append("b", 2);
  run();
  CHECK(answered(std::move(b)) == 1);
}

TEST_CASE_METHOD(fixture,
                 "a storage that turns out to be broken while it is tried ends the journal") {
  control->failure = full;
  auto a = append("a");
  run();
  refused(std::move(a));
  control->failure = broken;
  self->monitor(aut);
  advance(1s);
  self->receive([&](const caf::down_msg& x) { CHECK(x.reason == errc::storage_failed); });
}

TEST_CASE_METHOD(fixture, "what was appended before its owner heard of a refusal is refused too") {
  control->failure = full;
  auto a = append("a");
  run();
  control->failure.reset();
  auto b = append("b");
  run();
  CHECK(refused(std::move(a)) == errc::storage_full);
  CHECK(refused(std::move(b)) == errc::storage_failed);
  CHECK(heard().refused.size() == 1);
  CHECK(gauge->appends() == 0);
}

TEST_CASE_METHOD(fixture, "a commit that fails for an unknown reason ends the journal") {
  self->monitor(aut);
  control->failure = broken;
  auto a = append("a");
  run();
  auto why = refused(std::move(a));
  CHECK(why == errc::storage_failed);
  CHECK(error_text(why) == "commit failed");
  self->receive([&](const caf::down_msg& x) { CHECK(x.reason == errc::storage_failed); });
}

TEST_CASE_METHOD(fixture, "a fence is answered behind what came before it") {
  auto a = append("a");
  auto fence = self->request(aut, caf::infinite, atom::fence_v);
  run();
  CHECK(answered(std::move(fence)) == 1);
  CHECK(answered(std::move(a)) == 1);
}

TEST_CASE_METHOD(immediate, "publishing at once does not wait for the commit, the answer does") {
  control->failure = full;
  auto a = append("a");
  run();
  CHECK(*log == std::vector<std::string>{"feed"});
  CHECK(refused(std::move(a)) == errc::storage_full);
}

TEST_CASE_METHOD(fixture, "what waits for a stalled journal is measured until it is committed") {
  auto small
    = std::make_shared<journal_gauge>(journal_gauge::limits{.appends_max = 2, .bytes_max = 5'000});
  CHECK_FALSE(small->high());
  storage::write light{state_change{"a", state{}}};
  small->enter(light);
  CHECK_FALSE(small->high());
  small->enter(light);
  CHECK(small->high());
  small->leave(light);
  small->leave(light);
  storage::write heavy{storage::object_change{"a", std::string(6'000, 'x')}};
  small->enter(heavy);
  CHECK(small->high());
  small->leave(heavy);
  CHECK(small->bytes() == 0);
  std::ignore = append("a");
  CHECK(gauge->appends() == 1);
  run();
  CHECK(gauge->appends() == 0);
  CHECK(gauge->bytes() == 0);
}

TEST_CASE_METHOD(fixture, "what was appended before the exit is committed") {
  auto a = append("a");
  self->send_exit(aut, caf::exit_reason::user_shutdown);
  run();
  CHECK(answered(std::move(a)) == 1);
}
