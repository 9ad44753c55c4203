#include "tests/api/api_fixture.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::lines;

namespace {

struct fixture : test::api_fixture {
  fixture() : api_fixture{limited()} {
    io.on_connection([this](const api::socket& x) { sockets.push_back(x); });
  }

  static api::server_options limited() {
    api::server_options result;
    result.acks_waiting_max = 2;
    return result;
  }

  /// Calls `f` on the first worker, where the sockets live, and runs until all rests.
  void home(const std::function<void()>& f) {
    runtime.post(0, f);
    run();
  }

  static std::string text(const api::event& e) {
    return std::string{e.name()} + json::serialize(e.all().args.args);
  }

  std::vector<api::socket> sockets;
};

} // namespace

// -- what it is -----------------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "the handshake tells of the request and of the CONNECT") {
  auto& x = open();
  on(x, R"(0{"token":"abc"})");
  auto& s = sockets.at(0);
  auto& about = s.handshake();
  CHECK(about.auth == json::object{{"token", "abc"}});
  CHECK(about.query == json::object{{"room", "7"}});
  CHECK(about.headers == json::object{{"user-agent", "test"}});
  CHECK(about.url == "/socket.io/?EIO=4&transport=websocket&room=7");
  CHECK(about.issued > 0);
  CHECK_FALSE(about.time.empty());
  CHECK_FALSE(about.secure);
  CHECK_FALSE(about.xdomain);
  CHECK(api::to_json(about).at("address").as_string() == about.address);
  REQUIRE(s.request());
  CHECK(s.request()->target == about.url);
  CHECK(s.request() == s.client().request());
  CHECK(s.conn() == &x.link);
  CHECK(s.client().conn() == &x.link);
  x.gone(actors::close_reason::transport_close);
  CHECK(s.request() == nullptr);
  CHECK(s.client().sockets().empty());
}

TEST_CASE_METHOD(fixture, "a client has a socket for each namespace, each with what it sent") {
  io.of("/a").on_connection([this](const api::socket& x) { sockets.push_back(x); });
  auto& x = connect();
  on(x, R"(0/a,{"own":1})");
  REQUIRE(sockets.size() == 2);
  CHECK(sockets[1].handshake().auth == json::object{{"own", 1}});
  CHECK(sockets[0].id() != sockets[1].id());
  auto all = sockets[0].client().sockets();
  REQUIRE(all.size() == 2);
  CHECK(all[0] == sockets[0]);
  CHECK(all[1].name_space().name() == "/a");
  x.link.take();
  home([&] { sockets[0].client().disconnect(); });
  CHECK(x.link.sent == lines{"41", "41/a,"});
  CHECK(x.link.closed == "forced close");
}

TEST_CASE_METHOD(fixture, "a namespace knows its sockets by their ids") {
  connect();
  connect();
  std::map<std::string, api::socket> found;
  start([](fixture& f, auto& out) -> boost::asio::awaitable<void> {
    out = co_await f.io.sockets().sockets();
  }(*this, found));
  REQUIRE(found.size() == 2);
  CHECK(found.at(sockets[1].id()) == sockets[1]);
}

// -- to the client --------------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "flags hold for what is emitted through them only") {
  auto& x = connect();
  home([&] {
    auto& s = sockets[0];
    s.compress(false).emit("a");
    CHECK_FALSE(x.link.compress);
    s.emit("b");
    CHECK(x.link.compress);
    x.link.busy = true;
    s.volatile_().emit("dropped");
    s.send("c");
    x.link.busy = false;
    s.volatile_().compress(false).send("d");
    CHECK_FALSE(x.link.compress);
  });
  CHECK(x.link.sent
        == lines{R"(42["a"])", R"(42["b"])", R"(42["message","c"])", R"(42["message","d"])"});
}

TEST_CASE_METHOD(fixture,
                 "to others: broadcast, rooms, except, local, with flags before or after") {
  auto& a = connect();
  auto& b = connect();
  auto& c = connect();
  home([&] {
    sockets[1].join("r");
    sockets[2].join({"r", "q"});
    sockets[0].join("r");
  });
  auto heard = [&](const std::function<void(const api::socket&)>& f) {
    home([&] { f(sockets[0]); });
    return std::vector{a.link.take().size(), b.link.take().size(), c.link.take().size()};
  };
  using counts = std::vector<std::size_t>;
  CHECK(heard([](auto& s) { s.broadcast().emit("x"); }) == counts{0, 1, 1});
  CHECK(heard([](auto& s) { s.to("r").emit("x"); }) == counts{0, 1, 1});
  CHECK(heard([](auto& s) { s.in({"q", "r"}).send("x"); }) == counts{0, 1, 1});
  CHECK(heard([](auto& s) { s.except("q").emit("x"); }) == counts{0, 1, 0});
  CHECK(heard([](auto& s) { s.local().emit("x"); }) == counts{0, 1, 1});
  CHECK(heard([&](auto& s) { s.to(s.id()).emit("x"); }) == counts{0, 0, 0});
  b.link.busy = true;
  CHECK(heard([](auto& s) { s.volatile_().broadcast().emit("x"); }) == counts{0, 0, 1});
  CHECK(heard([](auto& s) { s.broadcast().volatile_().emit("x"); }) == counts{0, 0, 1});
  CHECK(heard([](auto& s) { s.broadcast().emit("x"); }) == counts{0, 1, 1});
  auto kept = io.to("q");
  kept.to("r");
  kept.except("q");
  kept.emit("x");
  CHECK(heard([](auto&) {}) == counts{0, 0, 1});
}

TEST_CASE_METHOD(fixture, "acknowledgements end with their socket, and are limited") {
  auto& x = connect();
  std::vector<api::ack_answer> got;
  auto ask = [&](api::emitter how) -> boost::asio::awaitable<void> {
    got.push_back(co_await how.emit_with_ack("q"));
  };
  start(ask(sockets[0].timeout(1h)));
  start(ask(sockets[0].timeout(1h)));
  start(ask(sockets[0].timeout(1h)));
  REQUIRE(got.size() == 1);
  CHECK(got[0].error() == errc::limit_exceeded);
  on(x, "1");
  REQUIRE(got.size() == 3);
  CHECK(got[1].error() == errc::cancelled);
  start(ask(sockets[0].timeout(1h)));
  REQUIRE(got.size() == 4);
  CHECK(got[3].error() == errc::cancelled);
  CHECK_FALSE(runtime.at(0).timers().next());
}

// -- listeners ------------------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "listeners are removed by number, by name, or all") {
  auto& x = connect();
  auto& s = sockets[0];
  lines said;
  auto say = [&](const char* what) {
    return [&said, what](const api::event&) { said.emplace_back(what); };
  };
  auto first = s.on("e", say("1"));
  s.on("e", say("2"));
  s.once("f", say("3"));
  s.on("g", say("4"));
  CHECK(s.event_names() == lines{"e", "f", "g"});
  auto hear = [&] {
    for (const auto* name : {"e", "f", "g"})
      on(x, R"(2[")" + std::string{name} + R"("])");
    return std::exchange(said, {});
  };
  CHECK(hear() == lines{"1", "2", "3", "4"});
  CHECK(hear() == lines{"1", "2", "4"});
  s.off(first);
  CHECK(hear() == lines{"2", "4"});
  s.off("g");
  CHECK(hear() == lines{"2"});
  CHECK(s.event_names() == lines{"e"});
  s.remove_all_listeners();
  CHECK(hear().empty());
}

TEST_CASE_METHOD(fixture, "any-listeners come first, in their order, and can be removed") {
  auto& x = connect();
  auto& s = sockets[0];
  lines said;
  s.on("e", [&](const api::event&) { said.emplace_back("own"); });
  auto a = s.on_any([&](const api::event& e) { said.push_back("a " + text(e)); });
  auto b = s.prepend_any([&](const api::event& e) { said.push_back("b " + text(e)); });
  CHECK(s.listeners_any() == std::vector{b, a});
  on(x, R"(2["e",1])");
  CHECK(said == lines{"b e[1]", "a e[1]", "own"});
  s.off_any(b);
  CHECK(s.listeners_any() == std::vector{a});
  s.off_any();
  CHECK(s.listeners_any().empty());
}

TEST_CASE_METHOD(fixture, "outgoing listeners see emits, broadcasts and requests, binary too") {
  auto& x = connect();
  auto& s = sockets[0];
  lines said;
  auto a = s.on_any_outgoing([&](const api::event& e) {
    said.push_back("a " + text(e));
    if (auto bytes = e.bytes(0))
      said.emplace_back(*bytes);
  });
  auto b = s.prepend_any_outgoing([&](const api::event& e) { said.push_back("b " + text(e)); });
  CHECK(s.listeners_any_outgoing() == std::vector{b, a});
  s.on("ask", [](const api::event& e) { e.ack("no event"); });
  home([&] { s.emit("one", 1); });
  CHECK(std::exchange(said, {}) == lines{"b one[1]", "a one[1]"});
  s.off_any_outgoing(b);
  io.emit("two", 2);
  run();
  start(
    [](api::socket to) -> boost::asio::awaitable<void> { co_await to.emit_with_ack("three"); }(s));
  on(x, R"(21["ask"])");
  CHECK(std::exchange(said, {}) == lines{"a two[2]", "a three[]"});
  const auto* placeholder = R"([{"_placeholder":true,"num":0}])";
  home([&] { s.emit("four", api::binary{"xyz"}); });
  io.emit("five", api::binary{"abc"});
  run();
  CHECK(std::exchange(said, {})
        == lines{"a four" + std::string{placeholder}, "xyz", "a five" + std::string{placeholder},
                 "abc"});
  s.off_any_outgoing();
  CHECK(s.listeners_any_outgoing().empty());
}

TEST_CASE_METHOD(fixture, "what any handler throws is reported, and ends nothing") {
  auto fail = [](auto&&...) { throw std::runtime_error{"oops"}; };
  io.of("/bad").on_connection(fail);
  io.of("/bad").on_connection([this](const api::socket& s) {
    sockets.push_back(s);
    s.emit("in");
  });
  io.of("/bad").handle("shared", fail);
  io.of("/bad").on_unhandled(fail);
  auto& x = connect();
  on(x, "0/bad,");
  REQUIRE(sockets.size() == 2);
  auto& s = sockets[1];
  auto ends = 0;
  s.on("e", fail);
  s.on("e", [](const api::event& e) { e.ack("second"); });
  s.on_any(fail);
  s.on_any_outgoing(fail);
  s.on_disconnecting(fail);
  s.on_disconnect(fail);
  s.on_disconnect([&](auto, auto) { ++ends; });
  x.link.take();
  on(x, R"(2/bad,1["e"])");
  on(x, R"(2/bad,["shared"])");
  on(x, R"(2/bad,["nobody"])");
  home([&] { s.emit("out"); });
  CHECK(x.link.take() == lines{R"(43/bad,1["second"])", R"(42/bad,["out"])"});
  CHECK_FALSE(x.link.closed);
  on(x, "1/bad,");
  CHECK(ends == 1);
  CHECK(reported == lines(10, "event handler: oops"));
}
