#include "actors/connection.hpp"
#include "actors/namespace.hpp"
#include "tests/support/actor_fixture.hpp"

#include <list>

using namespace atrium;

namespace {

/// A client link that writes down what comes.
struct fake_link final : connection_events {
  void on_deliver(socket_number to, const frame_ptr& what) override {
    got.push_back(std::to_string(to) + " " + what->head.bytes);
  }
  void on_deliver(socket_number, const ack_request& what) override {
    got.push_back("ack " + std::to_string(what.id));
  }
  void on_passed(socket_number from) override {
    got.push_back(std::to_string(from) + " passed");
  }
  void on_join(socket_number, const room_names& rooms) override {
    got.push_back("joined " + rooms.front());
  }
  void on_leave(socket_number, const room_names& rooms) override {
    got.push_back("left " + rooms.front());
  }
  void on_kick(socket_number, bool whole_link) override {
    got.push_back(whole_link ? "kicked off" : "kicked");
  }
  void on_closed(socket_number) override {
    got.push_back("closed");
  }
  void on_restored(socket_number, restored& what) override {
    got.push_back("restored " + std::string{what.id} + ", " + std::string{to_string(what.refusal)});
  }
  void on_yield(socket_number) override {
    got.push_back("yield");
  }
  socket_description describe(socket_number) override {
    return {};
  }

  owned_connection actor;
  std::vector<std::string> got;
};

frame_ptr text(const std::string& what) {
  auto x = std::make_shared<frame>();
  x->head.bytes = what;
  return x;
}

struct fixture : test::actor_fixture {
  fixture() {
    aut = own(spawn_namespace(runtime.at(0), "/"));
  }

  ~fixture() {
    for (auto& x : links)
      x.actor.end();
  }

  /// A link whose only socket has this id, and number 7.
  fake_link& connect(const std::string& id) {
    auto& x = links.emplace_back();
    x.actor = spawn_connection(runtime.at(0), x);
    self->send(aut, atom::attach_v, id, member{x.actor.handle, 7});
    return x;
  }

  void join(const std::string& id, room_names rooms) {
    self->send(aut, atom::join_v, id, std::move(rooms));
  }

  void emit(selection to, const std::string& what, member emitter = {}) {
    self->send(aut, atom::emit_v, broadcast{std::move(to), text(what), std::move(emitter), {}});
  }

  namespace_stats stats() {
    return ask<namespace_stats>(aut, atom::stats_v);
  }

  std::list<fake_link> links;
  namespace_actor aut;
};

using lines = std::vector<std::string>;

/// Items under the topic of the same name.
struct news final : publication {
  explicit news(lines topics) : topics_{std::move(topics)} {
  }
  std::size_t size() const noexcept override {
    return topics_.size();
  }
  topic_channel channel(std::size_t) const noexcept override {
    return topic_channel::states;
  }
  std::string_view topic(std::size_t i) const noexcept override {
    return topics_[i];
  }
  frame_ptr encode(std::size_t i, std::string_view offset) const override {
    ++encoded;
    return text(topics_[i] + std::string{offset});
  }
  mutable int encoded = 0;

private:
  lines topics_;
};

} // namespace

TEST_CASE_METHOD(fixture, "a broadcast reaches all, a room, several rooms once, and an id") {
  auto& ann = connect("ann");
  auto& bob = connect("bob");
  join("ann", {"kitchen", "hall"});
  join("bob", {"kitchen"});
  emit({}, "all");
  emit({{"kitchen"}, {}}, "kitchen");
  emit({{"kitchen", "hall"}, {}}, "both");
  emit({{"hall"}, {}}, "hall");
  emit({{"bob"}, {}}, "to bob");
  emit({{"kitchen"}, {"hall"}}, "except");
  run();
  CHECK(ann.got == lines{"7 all", "7 kitchen", "7 both", "7 hall"});
  CHECK(bob.got == lines{"7 all", "7 kitchen", "7 both", "7 to bob", "7 except"});
}

TEST_CASE_METHOD(fixture, "the emitter hears of its broadcast first, then that it has passed") {
  auto& ann = connect("ann");
  connect("bob");
  join("ann", {"kitchen"});
  join("bob", {"kitchen"});
  emit({{"kitchen"}, {}}, "hello", member{ann.actor.handle, 7});
  run();
  CHECK(ann.got == lines{"7 hello", "7 passed"});
}

TEST_CASE_METHOD(fixture, "whoever has left, or gone, gets nothing more") {
  auto& ann = connect("ann");
  auto& bob = connect("bob");
  auto& cid = connect("cid");
  for (auto* x : {"ann", "bob", "cid"})
    join(x, {"kitchen"});
  self->send(aut, atom::leave_v, std::string{"bob"}, room_names{"kitchen"});
  self->send(aut, atom::detach_v, std::string{"cid"});
  emit({{"kitchen"}, {}}, "hello");
  emit({{"cid"}, {}}, "gone");
  run();
  CHECK(ann.got == lines{"7 hello"});
  CHECK(bob.got.empty());
  CHECK(cid.got.empty());
  CHECK(stats().sockets == 2);
  CHECK(stats().rooms == 1);
}

TEST_CASE_METHOD(fixture, "a room that shrinks and grows again has the right members") {
  auto& ann = connect("ann");
  auto& bob = connect("bob");
  for (auto i = 0; i < 3; ++i) {
    join("ann", {"kitchen"});
    join("bob", {"kitchen"});
    emit({{"kitchen"}, {}}, "two");
    self->send(aut, atom::leave_v, std::string{"ann"}, room_names{"kitchen"});
    emit({{"kitchen"}, {}}, "one");
    self->send(aut, atom::leave_v, std::string{"bob"}, room_names{"kitchen"});
    emit({{"kitchen"}, {}}, "none");
  }
  run();
  CHECK(ann.got == lines{"7 two", "7 two", "7 two"});
  CHECK(bob.got == lines{"7 two", "7 one", "7 two", "7 one", "7 two", "7 one"});
  CHECK(stats().rooms == 0);
}

TEST_CASE_METHOD(fixture, "a program elsewhere moves and disconnects sockets, and they are told") {
  auto& ann = connect("ann");
  auto& bob = connect("bob");
  self->send(aut, atom::join_v, selection{{"ann"}, {}}, room_names{"hall"});
  emit({{"hall"}, {}}, "hello");
  self->send(aut, atom::leave_v, selection{{"hall"}, {}}, room_names{"hall"});
  emit({{"hall"}, {}}, "nobody");
  self->send(aut, atom::kick_v, selection{{}, {"ann"}}, false);
  self->send(aut, atom::kick_v, selection{{"ann"}, {}}, true);
  run();
  CHECK(ann.got == lines{"joined hall", "7 hello", "left hall", "kicked off"});
  CHECK(bob.got == lines{"kicked"});
}

TEST_CASE_METHOD(
  fixture, "an event with acknowledgements goes to all selected, and its sink is told how many") {
  struct counting final : ack_sink {
    void expect(std::uint64_t sockets) override {
      expected.push_back(sockets);
    }
    void answer(payload) override {
    }
    std::vector<std::uint64_t> expected;
  };
  auto& ann = connect("ann");
  auto& bob = connect("bob");
  auto sink = std::make_shared<counting>();
  ack_request what{text("q"), 5, sink, 100};
  self->send(aut, atom::collect_v, selection{{}, {"bob"}}, what, member{});
  run();
  CHECK(sink->expected == std::vector<std::uint64_t>{1});
  CHECK(ann.got == lines{"ack 5"});
  CHECK(bob.got.empty());
}

TEST_CASE_METHOD(fixture, "an observer hears of rooms and members, in order, and once") {
  struct listening final : room_observer {
    void created(const std::string& room) override {
      said.push_back("create " + room);
    }
    void joined(const std::string& room, const socket_name& who) override {
      said.push_back("join " + room + " " + who);
    }
    void left(const std::string& room, const socket_name& who) override {
      said.push_back("leave " + room + " " + who);
    }
    void deleted(const std::string& room) override {
      said.push_back("delete " + room);
    }
    lines said;
  };
  auto ears = std::make_shared<listening>();
  self->send(aut, atom::rooms_v, room_observer_ptr{ears});
  connect("ann");
  connect("bob");
  run();
  CHECK(ears->said == lines{"create ann", "join ann ann", "create bob", "join bob bob"});
  ears->said.clear();
  auto ann = std::string{"ann"};
  auto bob = std::string{"bob"};
  self->send(aut, atom::join_v, ann, room_names{"hall", "hall", "attic"});
  self->send(aut, atom::join_v, bob, room_names{"hall"});
  self->send(aut, atom::leave_v, bob, room_names{"attic", "hall"});
  run();
  CHECK(ears->said
        == lines{"create hall", "join hall ann", "create attic", "join attic ann", "join hall bob",
                 "leave hall bob"});
  CHECK(ask<room_names>(aut, atom::rooms_v, ann) == room_names{"ann", "hall", "attic"});
  CHECK(ask<room_names>(aut, atom::rooms_v, std::string{"nobody"}).empty());
  CHECK(ask<room_names>(aut, atom::names_v, selection{{"hall"}, {}}) == room_names{"ann"});
  ears->said.clear();
  self->send(aut, atom::detach_v, ann);
  run();
  CHECK(ears->said
        == lines{"leave ann ann", "delete ann", "leave hall ann", "delete hall", "leave attic ann",
                 "delete attic"});
  CHECK(ask<room_names>(aut, atom::rooms_v, std::string{}).empty());
}

TEST_CASE_METHOD(fixture,
                 "a publication reaches each watcher once, however many of its patterns match") {
  auto& ann = connect("ann");
  auto& bob = connect("bob");
  for (auto* topics : {"demo.0.*", "*", "demo.0.lamp", "demo.0.*"})
    self->send(aut, atom::watch_v, std::string{"ann"}, topic_channel::states, std::string{topics});
  self->send(aut, atom::watch_v, std::string{"bob"}, topic_channel::states,
             std::string{"demo.1.*"});
  auto what = std::make_shared<news>(lines{"demo.0.lamp", "x", "demo.1.a"});
  self->send(aut, atom::publish_v, publication_ptr{what});
  run();
  CHECK(ann.got == lines{"7 demo.0.lamp", "7 x", "7 demo.1.a"});
  CHECK(bob.got == lines{"7 demo.1.a"});
}

TEST_CASE_METHOD(
  fixture, "what nobody watches is not encoded, and one unwatch undoes any number of watches") {
  auto& ann = connect("ann");
  auto what = std::make_shared<news>(lines{"a", "b"});
  self->send(aut, atom::watch_v, std::string{"ann"}, topic_channel::states, std::string{"a"});
  self->send(aut, atom::watch_v, std::string{"ann"}, topic_channel::states, std::string{"a"});
  self->send(aut, atom::publish_v, publication_ptr{what});
  self->send(aut, atom::unwatch_v, std::string{"ann"}, topic_channel::states, std::string{"a"});
  self->send(aut, atom::publish_v, publication_ptr{what});
  run();
  CHECK(ann.got == lines{"7 a"});
  CHECK(what->encoded == 1);
  self->send(aut, atom::watch_v, std::string{"ann"}, topic_channel::states, std::string{"b"});
  self->send(aut, atom::detach_v, std::string{"ann"});
  CHECK(stats().watches == 0);
}

TEST_CASE_METHOD(fixture, "when a namespace ends its sockets are told") {
  auto& ann = connect("ann");
  connect("bob");
  join("ann", {"kitchen"});
  join("bob", {"kitchen"});
  run();
  self->send_exit(aut, caf::exit_reason::kill);
  run();
  CHECK(ann.got == lines{"closed"});
}
