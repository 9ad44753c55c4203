#include "actors/runtime/sleep.hpp"
#include "tests/api/api_fixture.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::lines;

namespace {

struct fixture : test::api_fixture {
  fixture() : api_fixture{small()} {
  }

  static std::string text(const api::event& e) {
    return json::serialize(e.all().args.args);
  }

  static api::server_options small() {
    api::server_options result;
    result.events_in_flight_max = 2;
    result.handshakes_per_address_max = 2;
    return result;
  }

  /// The program's handle of the next client that connects.
  test::api_fixture::client& connect_as(std::optional<api::socket>& s) {
    wanted = &s;
    if (! std::exchange(listening, true))
      io.on_connection([this](const api::socket& x) { *wanted = x; });
    return connect();
  }

  std::optional<api::socket>* wanted = nullptr;
  bool listening = false;
};

} // namespace

TEST_CASE_METHOD(fixture, "a client is told its id, then the program gets the socket") {
  io.on_connection([](const api::socket& s) { s.emit("hello", s.handshake().auth); });
  auto& x = open();
  on(x, R"(0{"token":"abc"})");
  REQUIRE(x.link.sent.size() == 2);
  CHECK(x.link.sent[0].substr(0, 9) == R"(40{"sid":)");
  CHECK(x.link.sent[0].size() == std::string_view{R"(40{"sid":"01234567890123456789"})"}.size());
  CHECK(x.link.sent[1] == R"(42["hello",{"token":"abc"}])");
}

TEST_CASE_METHOD(fixture, "an unknown namespace is refused, and the link stays") {
  auto& x = open();
  on(x, "0/random,");
  CHECK(x.link.sent == lines{R"(44/random,{"message":"Invalid namespace"})"});
  CHECK_FALSE(x.link.closed);
}

TEST_CASE_METHOD(fixture, "a client that breaks the protocol is closed") {
  auto text = GENERATE("0", "3", "4{}", "9", "2{}", R"(2["disconnect"])", R"(2/other,["x"])",
                       R"(51-["x",{"_placeholder":true,"num":0}]x)");
  auto& x = connect();
  on(x, text);
  if (std::string_view{text} == "3")
    CHECK_FALSE(x.link.closed); // an answer to nothing is ignored
  else
    CHECK(x.link.closed == "forced close");
}

TEST_CASE_METHOD(fixture, "an event before the namespace was joined closes the link") {
  auto& x = open();
  on(x, R"(2["x"])");
  CHECK(x.link.closed == "forced close");
}

TEST_CASE_METHOD(fixture, "a client that joins nothing in time is closed, one that joined is not") {
  auto& idle = open();
  auto& joined = connect();
  advance(46s);
  CHECK(idle.link.closed == "forced server close");
  CHECK_FALSE(joined.link.closed);
}

TEST_CASE_METHOD(fixture, "an address may have so many sessions that joined nothing, and no more") {
  auto& first = open();
  open();
  CHECK(open().handler == nullptr);
  on(first, "0");
  CHECK(open().handler != nullptr);
  CHECK(open().handler == nullptr);
  first.gone(actors::close_reason::transport_close);
  CHECK(open().handler == nullptr);
}

TEST_CASE_METHOD(fixture, "handlers are functions or coroutines, and acknowledge once") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->on("plain", [](const api::event& e) {
    e.ack(e[0], e.size());
    e.ack("again");
  });
  s->on("later", [](api::event e) -> boost::asio::awaitable<void> {
    co_await runtime::sleep(10ms);
    e.ack("late");
  });
  on(x, R"(21["later"])");
  on(x, R"(22["plain","a"])");
  on(x, R"(2["plain","nobody waits"])");
  advance(20ms);
  CHECK(x.link.sent == lines{R"(432["a",1])", R"(431["late"])"});
}

TEST_CASE_METHOD(fixture, "binary comes and goes, and can be passed on") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->on("bytes", [&](const api::event& e) {
    CHECK(e.bytes(0) == "abc");
    s->emit("back", "first", e.all(), api::binary{"xyz"});
  });
  on(x, R"(51-["bytes",{"_placeholder":true,"num":0}])");
  CHECK(x.link.sent.empty());
  x.link.home().post([&] { x.handler->on_binary("abc"); });
  run();
  CHECK(
    x.link.sent
    == lines{R"(452-["back","first",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])",
             "<abc>", "<xyz>"});
}

TEST_CASE_METHOD(fixture, "what a socket sends after its broadcast waits until that has passed") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->on("go", [&](const api::event& e) {
    s->join("room");
    s->emit("one");
    io.to("room").emit("two");
    s->emit("three");
    io.to({"room", s->id()}).emit("four");
    e.ack("five");
  });
  on(x, R"(27["go"])");
  CHECK(
    x.link.sent
    == lines{R"(42["one"])", R"(42["two"])", R"(42["three"])", R"(42["four"])", R"(437["five"])"});
}

TEST_CASE_METHOD(fixture, "an emit to another socket does not overtake a broadcast to it") {
  std::optional<api::socket> ann, bob;
  auto& a = connect_as(ann);
  auto& b = connect_as(bob);
  ann->on("go", [&](const api::event&) {
    io.emit("all");
    bob->emit("only you");
  });
  on(a, R"(2["go"])");
  CHECK(b.link.sent == lines{R"(42["all"])", R"(42["only you"])"});
  CHECK(a.link.sent == lines{R"(42["all"])"});
}

TEST_CASE_METHOD(fixture, "the program asks a client, which answers, does not, or goes") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  std::vector<api::ack_answer> got;
  auto ask
    = [&]() -> boost::asio::awaitable<void> { got.push_back(co_await s->emit_with_ack("q", 1)); };
  auto ask_briefly = [&]() -> boost::asio::awaitable<void> {
    got.push_back(co_await s->timeout(100ms).emit_with_ack("q", 1));
  };
  start(ask());
  start(ask_briefly());
  start(ask());
  CHECK(x.link.sent == lines{R"(420["q",1])", R"(421["q",1])", R"(422["q",1])"});
  on(x, R"(30["yes",2])");
  on(x, R"(30["twice"])");
  advance(110ms);
  on(x, R"(31["too late"])");
  x.gone(actors::close_reason::transport_close);
  run();
  REQUIRE(got.size() == 3);
  CHECK(got[0]->args.args == json::array{"yes", 2});
  CHECK(got[1].error() == errc::timeout);
  CHECK(got[2].error() == errc::cancelled);
}

TEST_CASE_METHOD(fixture,
                 "every end has its reason, disconnecting with the rooms and disconnect without") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->join("room");
  run();
  lines said;
  s->on_disconnecting([&](std::string_view why, std::string_view) {
    said.push_back("disconnecting " + std::string{why} + " " + std::to_string(s->rooms().size()));
  });
  s->on_disconnect([&](std::string_view why, std::string_view) {
    said.push_back("disconnect " + std::string{why} + " " + std::to_string(s->rooms().size()));
  });
  auto expect = [&](const std::string& why) {
    CHECK(said == lines{"disconnecting " + why + " 2", "disconnect " + why + " 0"});
    CHECK_FALSE(s->connected());
  };
  SECTION("the client leaves the namespace") {
    on(x, "1");
    expect("client namespace disconnect");
    CHECK_FALSE(x.link.closed);
  }
  SECTION("the program disconnects the socket") {
    s->disconnect();
    run();
    expect("server namespace disconnect");
    CHECK(x.link.sent == lines{"41"});
    CHECK_FALSE(x.link.closed);
    s->emit("nothing");
    run();
    CHECK(x.link.sent == lines{"41"});
  }
  SECTION("the program closes the connection") {
    s->disconnect(true);
    run();
    expect("server namespace disconnect");
    CHECK(x.link.sent == lines{"41"});
    CHECK(x.link.closed == "forced close");
  }
  SECTION("the link ends") {
    auto why
      = GENERATE(actors::close_reason::transport_close, actors::close_reason::transport_error,
                 actors::close_reason::ping_timeout, actors::close_reason::parse_error,
                 actors::close_reason::forced_close, actors::close_reason::server_shutting_down);
    x.gone(why);
    expect(std::string{to_string(why)});
  }
  SECTION("another handler disconnects it elsewhere") {
    io.in(s->id()).disconnect_sockets();
    run();
    expect("server namespace disconnect");
  }
}

TEST_CASE_METHOD(fixture, "after it has left, a socket gets nothing, and may join again") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->join("room");
  on(x, "1");
  io.to("room").emit("gone");
  io.emit("gone");
  run();
  CHECK(x.link.sent.empty());
  on(x, "0");
  io.emit("back");
  run();
  CHECK(x.link.sent.size() == 2);
}

TEST_CASE_METHOD(fixture, "a middleware refuses with a message and data, or lets pass, later too") {
  io.use([](api::socket s) -> boost::asio::awaitable<api::admission> {
    co_await runtime::sleep(10ms);
    if (s.handshake().auth.contains("token"))
      co_return std::nullopt;
    co_return api::connect_error{"no token", json::object{{"code", 42}}};
  });
  io.on_connection([](const api::socket& s) { s.emit("in"); });
  auto& bad = open();
  on(bad, "0");
  auto& good = open();
  on(good, R"(0{"token":1})");
  CHECK(good.link.sent.empty());
  advance(20ms);
  CHECK(bad.link.sent == lines{R"(44{"message":"no token","data":{"code":42}})"});
  CHECK(good.link.sent.size() == 2);
}

TEST_CASE_METHOD(fixture, "a client that goes while a middleware thinks never connects") {
  auto connections = 0;
  io.use([](api::socket) -> boost::asio::awaitable<api::admission> {
    co_await runtime::sleep(10ms);
    co_return std::nullopt;
  });
  io.on_connection([&](const api::socket&) { ++connections; });
  auto& x = open();
  on(x, "0");
  x.gone(actors::close_reason::transport_close);
  advance(20ms);
  CHECK(connections == 0);
  CHECK(reported.empty());
}

TEST_CASE_METHOD(fixture, "a connection with too many unfinished handlers is read no further") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->on("slow", [](api::event) -> boost::asio::awaitable<void> { co_await runtime::sleep(10ms); });
  on(x, R"(2["slow"])");
  CHECK_FALSE(x.link.paused);
  on(x, R"(2["slow"])");
  CHECK(x.link.paused);
  advance(20ms);
  CHECK_FALSE(x.link.paused);
}

TEST_CASE_METHOD(fixture, "a handler that throws is reported, and the next event is handled") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  s->on("bad", [](api::event) -> boost::asio::awaitable<void> {
    throw std::runtime_error{"oops"};
    co_return;
  });
  s->on("good", [](const api::event& e) { e.ack(); });
  on(x, R"(2["bad"])");
  on(x, R"(21["good"])");
  CHECK(reported == lines{"event handler: oops"});
  CHECK(x.link.sent == lines{"431[]"});
}

TEST_CASE_METHOD(fixture, "a broadcast gathers acknowledgements, and tells when some are missing") {
  std::optional<api::socket> ann, bob;
  auto& a = connect_as(ann);
  auto& b = connect_as(bob);
  std::optional<api::broadcast_answers> got;
  auto ask = [&]() -> boost::asio::awaitable<void> {
    got = co_await io.timeout(100ms).emit_with_ack("q");
  };
  SECTION("all answer") {
    start(ask());
    CHECK(a.link.sent == lines{R"(420["q"])"});
    CHECK(b.link.sent == lines{R"(420["q"])"});
    on(a, "30[1]");
    CHECK_FALSE(got);
    on(b, "30[2]");
    REQUIRE(got);
    CHECK_FALSE(got->timed_out);
    CHECK(got->responses == std::vector<json::value>{1, 2});
  }
  SECTION("one does not") {
    start(ask());
    on(a, "30[1]");
    advance(120ms);
    REQUIRE(got);
    CHECK(got->timed_out);
    CHECK(got->responses == std::vector<json::value>{1});
  }
}

TEST_CASE_METHOD(fixture, "fetch_sockets tells ids, rooms and data of the selected") {
  std::optional<api::socket> ann, bob;
  connect_as(ann);
  connect_as(bob);
  ann->join({"kitchen", "hall"});
  ann->data()["name"] = "ann";
  std::vector<api::remote_socket> found;
  start([](fixture& f, auto& out) -> boost::asio::awaitable<void> {
    out = co_await f.io.in("kitchen").fetch_sockets();
  }(*this, found));
  REQUIRE(found.size() == 1);
  CHECK(found[0].id() == ann->id());
  CHECK(found[0].rooms() == lines{ann->id(), "kitchen", "hall"});
  CHECK(found[0].data() == json::value{{"name", "ann"}});
}

TEST_CASE_METHOD(fixture,
                 "listeners: any first, once once, removed no more, outgoing sees broadcasts") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  lines said;
  s->on_any([&](const api::event& e) { said.push_back("any " + std::string{e.name()}); });
  s->once("e", [&](const api::event&) { said.push_back("once"); });
  auto second = s->on("e", [&](const api::event&) { said.push_back("on"); });
  s->on_any_outgoing(
    [&](const api::event& e) { said.push_back("out " + std::string{e.name()} + " " + text(e)); });
  on(x, R"(2["e"])");
  s->off(second);
  on(x, R"(2["e"])");
  s->emit("a", 1);
  io.emit("b");
  run();
  CHECK(said == lines{"any e", "once", "on", "any e", "out a [1]", "out b []"});
}

TEST_CASE_METHOD(fixture, "a socket's middleware stops an event, which is told to on_error") {
  std::optional<api::socket> s;
  auto& x = connect_as(s);
  lines said;
  s->use([](const api::event& e) -> std::optional<std::string> {
    if (e.name() == "bad")
      return "refused";
    return std::nullopt;
  });
  s->on_error([&](std::string_view why) { said.emplace_back(why); });
  s->on("bad", [](const api::event&) { FAIL("called"); });
  on(x, R"(2["bad"])");
  CHECK(said == lines{"refused"});
}

TEST_CASE_METHOD(fixture, "reserved names cannot be emitted") {
  std::optional<api::socket> s;
  connect_as(s);
  CHECK_THROWS_AS(s->emit("disconnect"), std::invalid_argument);
  CHECK_THROWS_AS(io.emit("connect"), std::invalid_argument);
}
