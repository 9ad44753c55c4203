#include "tests/api/cluster_fixture.hpp"

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

using fixture = cluster_fixture;

std::string ack_id(const std::string& question) {
  return question.substr(2, question.find('[') - 2);
}

/// Lets all servers acknowledge "q" with their number, but not the one that is `silent`.
void answer_all(cluster& all, std::size_t silent) {
  for (std::size_t i = 0; i < all.size(); ++i)
    all.at(i).sockets().on("q", [i, silent](const api::event& e) {
      if (i != silent)
        e.ack(i);
    });
}

} // namespace

TEST_CASE_METHOD(fixture, "a new node is greeted, so that all know each other at once") {
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(others(i) == 2);
    CHECK(got(node(i).server_count()) == 3);
  }
  CHECK(bus->nodes().size() == 3);
}

TEST_CASE_METHOD(fixture, "heartbeats keep a node") {
  all.advance(60s);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(others(i) == 2);
  CHECK(errors.empty());
}

TEST_CASE_METHOD(fixture, "a node that is silent is gone until it is heard of again") {
  // Its last heartbeat is the one of now.
  all.advance(5s);
  silence(1);
  all.advance(9'900ms);
  CHECK(others(0) == 2);
  all.advance(200ms);
  CHECK(others(0) == 1);
  CHECK(others(2) == 1);
  CHECK(got(node(0).server_count()) == 2);
  // It still hears the others.
  CHECK(others(1) == 2);
  bus->loses = nullptr;
  all.at(1).emit("e");
  all.run();
  CHECK(others(0) == 1);
  all.advance(5s);
  CHECK(others(0) == 2);
}

TEST_CASE_METHOD(fixture, "any message keeps a node that is known") {
  auto who = node(1).id();
  bus->loses = [who](const message& x, const std::string&) {
    return x.from == who && x.type == type::heartbeat;
  };
  for (auto i = 0; i < 4; ++i) {
    all.advance(9s);
    all.at(1).emit("e");
  }
  all.run();
  CHECK(others(0) == 2);
  all.advance(11s);
  CHECK(others(0) == 1);
}

TEST_CASE_METHOD(fixture, "requests do not wait for a node that falls silent") {
  all.connect(0, {});
  all.connect(1, {});
  all.connect(2, {});
  silence(1);
  SECTION("sockets") {
    auto pending = begin(all.at(0).timeout(60s).fetch_sockets());
    all.advance(9'900ms);
    CHECK_FALSE(*pending);
    all.advance(200ms);
    REQUIRE(*pending);
    CHECK((*pending)->size() == 2);
  }
  SECTION("ids of sockets") {
    auto pending = begin(all.at(0).timeout(60s).all_sockets());
    all.advance(10'100ms);
    REQUIRE(*pending);
    CHECK((*pending)->size() == 2);
  }
  SECTION("events for servers") {
    answer_all(all, 3);
    auto pending = begin(node(0).server_side_emit_with_ack(api::make_arguments("q"), 60s));
    all.advance(9'900ms);
    CHECK_FALSE(*pending);
    all.advance(200ms);
    REQUIRE(*pending);
    CHECK_FALSE((*pending)->timed_out);
    CHECK((*pending)->responses == std::vector<json::value>{2});
  }
  CHECK_FALSE(failed);
}

TEST_CASE_METHOD(fixture, "a broadcast does not wait for the sockets of a node that falls silent") {
  auto& ann = all.connect(0, {});
  auto& bob = all.connect(1, {});
  all.connect(1, {});
  auto& cid = all.connect(2, {});
  auto answer = [&](cluster::client& x, const char* args) {
    all.on(x, "3" + ack_id(x.link.take().at(0)) + args);
  };
  std::vector<json::value> expected;
  std::shared_ptr<std::optional<api::broadcast_answers>> pending;
  SECTION("before it told how many they are") {
    silence(1);
    pending = begin(all.at(0).timeout(60s).emit_with_ack("q"));
    answer(bob, "[1]");
    expected = {0, 2};
  }
  SECTION("after one of them answered") {
    pending = begin(all.at(0).timeout(60s).emit_with_ack("q"));
    answer(bob, "[1]");
    silence(1);
    expected = {1, 0, 2};
  }
  answer(ann, "[0]");
  answer(cid, "[2]");
  all.advance(9'900ms);
  CHECK_FALSE(*pending);
  all.advance(200ms);
  REQUIRE(*pending);
  CHECK_FALSE((*pending)->timed_out);
  CHECK((*pending)->responses == expected);
}

TEST_CASE_METHOD(fixture, "a node that closes is gone at once, and requests do not wait for it") {
  auto& ann = all.connect(0, {});
  all.connect(1, {});
  answer_all(all, 1);
  auto who = node(1).id();
  bus->loses = [who](const message& x, const std::string&) {
    return x.from == who && x.type == type::fetched_sockets;
  };
  auto sockets = begin(all.at(0).timeout(60s).fetch_sockets());
  auto servers = begin(node(0).server_side_emit_with_ack(api::make_arguments("q"), 60s));
  auto answers = begin(all.at(0).timeout(60s).emit_with_ack("q"));
  all.on(ann, "3" + ack_id(ann.link.take().at(0)) + R"(["ann"])");
  CHECK_FALSE(*sockets);
  CHECK_FALSE(*servers);
  CHECK_FALSE(*answers);
  all.start(all.at(1).close());
  CHECK(others(0) == 1);
  CHECK(bus->nodes().size() == 2);
  REQUIRE(*sockets);
  CHECK((*sockets)->size() == 1);
  REQUIRE(*servers);
  CHECK_FALSE((*servers)->timed_out);
  CHECK((*servers)->responses == std::vector<json::value>{2});
  REQUIRE(*answers);
  CHECK_FALSE((*answers)->timed_out);
  CHECK((*answers)->responses == std::vector<json::value>{"ann"});
}

TEST_CASE_METHOD(fixture, "the end of a node completes what it asked for") {
  all.connect(0, {});
  silence(1);
  auto sockets = begin(all.at(0).timeout(60s).fetch_sockets());
  auto servers = begin(node(0).server_side_emit_with_ack(api::make_arguments("q"), 60s));
  CHECK_FALSE(*sockets);
  CHECK_FALSE(*servers);
  all.start(all.at(0).close());
  CHECK(*sockets);
  REQUIRE(*servers);
  CHECK((*servers)->responses.empty());
  // What is asked for later has an answer, too.
  CHECK(got(node(0).server_count()) == 1);
  CHECK(got(node(0).server_side_emit_with_ack(api::make_arguments("q"), 60s)).responses.empty());
  CHECK_FALSE(failed);
}

TEST_CASE_METHOD(fixture, "nothing is heard of a node after it said goodbye") {
  all.start(all.at(1).close());
  auto before = others(0);
  all.advance(30s);
  CHECK(before == 1);
  CHECK(others(0) == 1);
  CHECK(errors.empty());
}

TEST_CASE_METHOD(fixture, "nodes beyond nodes_max are an error and are not waited for") {
  for (auto i = 0; i < 10; ++i)
    inject(0, message_of(type::hello, "stranger-" + std::to_string(i)));
  CHECK(others(0) == nodes_max);
  CHECK(errors == lines(2, "/: there are more nodes than nodes_max"));
}

TEST_CASE("a server alone in its cluster has its answers at once") {
  cluster_fixture alone{1};
  auto& all = alone.all;
  all.connect(0, {});
  CHECK(alone.got(all.at(0).sockets().fetch_sockets()).size() == 1);
  CHECK(alone.got(all.at(0).server_side_emit_with_ack("q")).responses.empty());
  CHECK(alone.got(all.at(0).to("nobody").emit_with_ack("q")).responses.empty());
  CHECK(alone.got(alone.node(0).server_count()) == 1);
}

TEST_CASE("a server takes part once it is open") {
  auto bus = std::make_shared<loopback_bus>();
  actor_fixture system;
  api::server_options options;
  api::cluster_options how;
  how.bus = bus;
  options.adapter = api::clustered(how);
  api::server io{system.runtime, options};
  io.of("/early");
  system.run();
  CHECK(bus->nodes().empty());
  io.route();
  io.open();
  system.run();
  CHECK(bus->nodes().size() == 1);
  CHECK(bus->nodes("/early").size() == 1);
  io.of("/late");
  system.run();
  CHECK(bus->nodes("/late").size() == 1);
  system.start(io.close());
  CHECK(bus->nodes().empty());
  CHECK(bus->nodes("/late").empty());
}
