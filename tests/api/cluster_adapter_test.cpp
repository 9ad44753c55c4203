#include "tests/api/cluster_fixture.hpp"

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

using fixture = cluster_fixture;

/// The number of the acknowledgement that a question wants.
std::string ack_id(const std::string& question) {
  return question.substr(2, question.find('[') - 2);
}

const lines nothing;

} // namespace

TEST_CASE_METHOD(fixture, "a message that cannot be read is counted, reported, and harms nobody") {
  auto& ann = all.connect(0, {});
  const std::vector<std::string> bad{"", "\xc1", "{\"uid\":\"x\"}", packed({{"type", 3}})};
  for (const auto& x : bad)
    bus->inject(node(0).id(), x);
  all.run();
  CHECK(stats(0).malformed == bad.size());
  CHECK(stats(0).foreign == 0);
  CHECK(stats(1).malformed == 0);
  CHECK(errors == lines(bad.size(), "/: a message cannot be read"));
  CHECK(others(0) == 2);
  all.at(1).emit("still here");
  all.run();
  CHECK(ann.link.take() == lines{R"(42["still here"])"});
}

TEST_CASE_METHOD(fixture, "a message beyond the limits is counted as well") {
  json::value deep = 1;
  for (auto i = 0; i < 600; ++i)
    deep = json::array{std::move(deep)};
  auto x = message_of(type::server_side_emit, "x");
  x.content = api::make_arguments("e", std::move(deep));
  inject(0, x);
  CHECK(stats(0).malformed == 1);
  CHECK(errors == lines{"/: a message is beyond the limits"});
}

TEST_CASE_METHOD(fixture, "a message of another namespace is counted and ignored") {
  auto& ann = all.connect(0, {});
  auto x = message_of(type::broadcast, "stranger");
  x.content = api::make_arguments("e");
  x.nsp = "/other";
  inject(0, x);
  CHECK(ann.link.take() == nothing);
  CHECK(stats(0).foreign == 1);
  CHECK(stats(0).malformed == 0);
  CHECK(errors == lines{"/: a message is for another namespace"});
  // The same for this namespace is obeyed, for a node may be heard before its heartbeat.
  x.nsp = "/";
  inject(0, x);
  CHECK(ann.link.take() == lines{R"(42["e"])"});
  CHECK(others(0) == 2);
}

TEST_CASE_METHOD(fixture, "answers that nobody waits for are ignored") {
  auto pending = begin(all.at(0).timeout(1s).fetch_sockets());
  REQUIRE(*pending);
  bus->loses = [](const message& x, const std::string&) { return x.type == type::fetched_sockets; };
  pending = begin(all.at(0).timeout(1s).fetch_sockets());
  auto x = message_of(type::fetched_sockets, node(1).id());
  x.request = node(0).id() + ".1";
  x.sockets = {{"forged", {}, {}, {}, nullptr}};
  auto other_request = x;
  other_request.request = node(0).id() + ".9";
  auto stranger = x;
  stranger.from = "stranger";
  auto other_kind = x;
  other_kind.type = type::server_side_answer;
  other_kind.content.args = {1};
  for (const auto& y : {other_request, stranger, other_kind})
    inject(0, y);
  CHECK_FALSE(*pending);
  // One answer of each node counts.
  inject(0, x);
  inject(0, x);
  CHECK_FALSE(*pending);
  x.from = node(2).id();
  inject(0, x);
  REQUIRE(*pending);
  CHECK((*pending)->size() == 2);
  CHECK(errors == nothing);
}

TEST_CASE_METHOD(fixture, "an answer that is lost is missing when the time is over") {
  all.connect(0, {});
  auto& bob = all.connect(1, {});
  auto& cid = all.connect(2, {});
  std::string lost_from = node(1).id();
  bus->loses = [lost_from](const message& x, const std::string&) {
    return x.from == lost_from && x.type != type::heartbeat;
  };
  SECTION("sockets: nothing is given, as some are unknown") {
    auto pending = begin(all.at(0).timeout(300ms).fetch_sockets());
    all.advance(290ms);
    CHECK_FALSE(failed);
    all.advance(20ms);
    CHECK_FALSE(*pending);
    CHECK(failed == make_error_code(errc::timeout));
    // What was asked of this node alone is known.
    CHECK(got(all.at(0).local().fetch_sockets()).size() == 1);
  }
  SECTION("sockets wait for request_timeout if not told otherwise") {
    auto pending = begin(all.at(0).all_sockets());
    all.advance(4'990ms);
    CHECK_FALSE(failed);
    all.advance(20ms);
    CHECK(failed == make_error_code(errc::timeout));
  }
  SECTION("events for servers: what came") {
    for (std::size_t i = 0; i < all.size(); ++i)
      all.at(i).sockets().on("q", [i](const api::event& e) { e.ack(i); });
    auto pending = begin(all.at(0).server_side_emit_with_ack("q"));
    all.advance(4'990ms);
    CHECK_FALSE(*pending);
    all.advance(20ms);
    REQUIRE(*pending);
    CHECK((*pending)->timed_out);
    CHECK((*pending)->responses == std::vector<json::value>{2});
  }
  SECTION("broadcasts: what came") {
    auto pending = begin(all.at(0).timeout(300ms).emit_with_ack("q"));
    for (auto* x : {&bob, &cid})
      all.on(*x, "3" + ack_id(x->link.take().at(0)) + "[7]");
    all.advance(290ms);
    CHECK_FALSE(*pending);
    all.advance(20ms);
    REQUIRE(*pending);
    CHECK((*pending)->timed_out);
    CHECK((*pending)->responses == std::vector<json::value>{7});
  }
  CHECK(errors == nothing);
}

TEST_CASE_METHOD(fixture, "binary arrives, in both directions") {
  const std::string bytes("\0\x01\xff", 3);
  std::optional<std::string> heard;
  all.at(1).sockets().on("b", [&](const api::event& e) { heard = e.bytes(0); });
  all.at(0).server_side_emit("b", api::binary{bytes});
  all.run();
  CHECK(heard == bytes);
  auto& bob = all.connect(1, {});
  all.at(0).emit("b", api::binary{bytes}, json::object{{"deep", 1}}, api::binary{"2"});
  all.run();
  CHECK(
    bob.link.take()
    == lines{R"(452-["b",{"_placeholder":true,"num":0},{"deep":1},{"_placeholder":true,"num":1}])",
             "<" + bytes + ">", "<2>"});
  // What only looks like binary stays what it is.
  all.at(0).emit("b", json::object{{"_placeholder", true}, {"num", 0}});
  all.run();
  CHECK(bob.link.take() == lines{R"(42["b",{"_placeholder":true,"num":0}])"});
}

TEST_CASE_METHOD(fixture, "what one server asks for reaches the others in its order") {
  auto& bob = all.connect(1, {"r"});
  auto& cid = all.connect(2, {});
  auto& io = all.at(0);
  io.emit("e", 0);
  io.sockets_join("x");
  io.to("x").emit("e", 1);
  auto pending = begin(io.to("x").timeout(1s).emit_with_ack("q"));
  io.except("r").sockets_leave("x");
  io.to("x").emit("e", 2);
  io.in("x").disconnect_sockets();
  io.emit("e", 3);
  all.run();
  auto heard = bob.link.take();
  REQUIRE(heard.size() == 5);
  heard[2].erase(2, ack_id(heard[2]).size());
  CHECK(heard == lines{R"(42["e",0])", R"(42["e",1])", R"(42["q"])", R"(42["e",2])", "41"});
  heard = cid.link.take();
  REQUIRE(heard.size() == 4);
  heard[2].erase(2, ack_id(heard[2]).size());
  CHECK(heard == lines{R"(42["e",0])", R"(42["e",1])", R"(42["q"])", R"(42["e",3])"});
  all.advance(1s);
  CHECK(*pending);
}

TEST_CASE_METHOD(fixture, "a bus that throws is reported, and this node goes on") {
  auto& ann = all.connect(0, {});
  auto& bob = all.connect(1, {});
  bus->broken = true;
  auto& io = all.at(0);
  io.emit("e");
  io.sockets_join("r");
  io.to("r").emit("in r");
  io.server_side_emit("x");
  all.run();
  CHECK(ann.link.take() == lines{R"(42["e"])", R"(42["in r"])"});
  CHECK(bob.link.take() == nothing);
  CHECK(errors == lines(4, "/: the bus is broken"));
  bus->broken = false;
  io.emit("again");
  all.run();
  CHECK(bob.link.take() == lines{R"(42["again"])"});
}

TEST_CASE("dynamic namespaces are nodes of their own") {
  auto bus = std::make_shared<loopback_bus>();
  cluster all{2, [bus](std::size_t) {
                api::cluster_options options;
                options.bus = bus;
                return api::clustered(options);
              }};
  std::vector<api::socket_namespace> parents;
  for (std::size_t i = 0; i < 2; ++i)
    parents.push_back(all.at(i).of(std::regex{"^/room-"}));
  CHECK(bus->nodes().size() == 2);
  CHECK(bus->nodes("/room-1").empty());
  auto& ann = all.connect(0, {});
  auto& bob = all.connect(1, {});
  all.on(ann, "0/room-1,");
  CHECK(bus->nodes("/room-1").size() == 1);
  all.on(bob, "0/room-1,");
  CHECK(bus->nodes("/room-1").size() == 2);
  ann.link.take();
  bob.link.take();
  all.at(0).of("/room-1").emit("e", 1);
  all.run();
  CHECK(ann.link.take() == lines{R"(42/room-1,["e",1])"});
  CHECK(bob.link.take() == lines{R"(42/room-1,["e",1])"});
  parents[1].emit("e", 2);
  all.run();
  CHECK(ann.link.take() == lines{R"(42/room-1,["e",2])"});
  CHECK(bob.link.take() == lines{R"(42/room-1,["e",2])"});
}

TEST_CASE("a cluster needs a bus") {
  CHECK_THROWS_AS(api::clustered({}), std::invalid_argument);
}
