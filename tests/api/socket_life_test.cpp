#include "actors/runtime/sleep.hpp"
#include "tests/api/api_fixture.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::lines;

namespace {

struct fixture : test::api_fixture {
  fixture() {
    io.on_connection([this](const api::socket& x) { sockets.push_back(x); });
  }

  /// Calls `f` on the first worker, where the sockets live, and runs until all rests.
  void home(const std::function<void()>& f) {
    runtime.post(0, f);
    run();
  }

  std::vector<api::socket> sockets;
};

} // namespace

// -- middlewares ------------------------------------------------------------------------------

TEST_CASE_METHOD(fixture,
                 "middlewares run in order, before the socket is connected, for their namespace") {
  lines said;
  auto nsp = io.of("/a");
  nsp.use([&](api::socket s) -> boost::asio::awaitable<api::admission> {
    co_await runtime::sleep(10ms);
    said.push_back(s.connected() ? "connected" : "1");
    s.join("room");
    co_return std::nullopt;
  });
  nsp.use([&](const api::socket& s) -> api::admission {
    said.emplace_back("2");
    if (s.handshake().auth.contains("ok"))
      return std::nullopt;
    return api::connect_error{"no"};
  });
  nsp.on_connection([&](const api::socket& s) {
    said.push_back(s.connected() ? "in" : "not connected");
    CHECK(s.rooms() == lines{s.id(), "room"});
  });
  io.use([&](const api::socket&) -> api::admission {
    said.emplace_back("main");
    return std::nullopt;
  });
  auto& x = open();
  on(x, "0/a,");
  advance(20ms);
  CHECK(std::exchange(said, {}) == lines{"1", "2"});
  CHECK(x.link.take() == lines{R"(44/a,{"message":"no"})"});
  std::optional<room_names> rooms;
  start([](api::socket_namespace of, auto& out) -> boost::asio::awaitable<void> {
    out = co_await of.adapter().rooms();
  }(nsp, rooms));
  CHECK(rooms == room_names{});
  on(x, R"(0/a,{"ok":1})");
  advance(20ms);
  CHECK(std::exchange(said, {}) == lines{"1", "2", "in"});
  on(x, "0");
  CHECK(said == lines{"main"});
}

TEST_CASE_METHOD(fixture, "a middleware that throws refuses, without telling why") {
  io.of("/a").use([](const api::socket&) -> api::admission { throw std::runtime_error{"secret"}; });
  auto& x = open();
  on(x, "0/a,");
  CHECK(x.link.sent == lines{R"(44/a,{"message":"internal error"})"});
  CHECK(reported == lines{"middleware: secret"});
}

TEST_CASE_METHOD(fixture, "a socket's middlewares run in order until one refuses; one may throw") {
  auto& x = connect();
  auto& s = sockets[0];
  lines said;
  s.use([&](const api::event&) -> std::optional<std::string> {
    said.emplace_back("1");
    return std::nullopt;
  });
  s.use([&](const api::event& e) -> std::optional<std::string> {
    said.emplace_back("2");
    if (e.name() == "throws")
      throw std::runtime_error{"oops"};
    return e.name() == "bad" ? std::optional<std::string>{"refused"} : std::nullopt;
  });
  s.use([&](const api::event&) -> std::optional<std::string> {
    said.emplace_back("3");
    return std::nullopt;
  });
  s.on_error([&](std::string_view why) { said.emplace_back(why); });
  s.on_error([&](std::string_view) { said.emplace_back("both"); });
  s.on_any([&](const api::event&) { said.emplace_back("any"); });
  for (const auto* name : {"good", "bad", "throws"})
    s.on(name, [&](const api::event&) { said.emplace_back("heard"); });
  on(x, R"(2["good"])");
  CHECK(std::exchange(said, {}) == lines{"any", "1", "2", "3", "heard"});
  on(x, R"(2["bad"])");
  CHECK(std::exchange(said, {}) == lines{"any", "1", "2", "refused", "both"});
  on(x, R"(2["throws"])");
  CHECK(std::exchange(said, {}) == lines{"any", "1", "2", "internal error", "both"});
  CHECK(reported == lines{"event handler: oops"});
}

TEST_CASE_METHOD(fixture, "a packet error is told to on_error, and without one does no harm") {
  auto& x = connect();
  auto& y = connect();
  lines said;
  sockets[0].on_error([&](std::string_view why) { said.emplace_back(why); });
  x.link.home().post([&] { x.handler->on_binary("x"); });
  y.link.home().post([&] { y.handler->on_binary("x"); });
  run();
  CHECK(said == lines{"got binary data when not reconstructing a packet"});
  CHECK(x.link.closed == "forced close");
  CHECK(y.link.closed == "forced close");
}

// -- its end ------------------------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "what a client had sent when a handler disconnected it is ignored") {
  auto& x = connect();
  auto heard = 0;
  sockets[0].on("kick", [&](const api::event&) { sockets[0].disconnect(); });
  sockets[0].on("e", [&](const api::event&) { ++heard; });
  x.link.home().post([&] {
    x.send(R"(2["kick"])");
    x.send(R"(2["e"])");
  });
  run();
  CHECK(heard == 0);
  CHECK(x.link.sent == lines{"41"});
  CHECK_FALSE(x.link.closed);
  on(x, R"(2["e"])");
  CHECK(x.link.closed == "forced close");
}

TEST_CASE_METHOD(fixture, "a socket that has gone joins nothing, and its rooms are gone") {
  auto& x = connect();
  auto& s = sockets[0];
  s.on_disconnect([&](auto, auto) { s.join("ghost"); });
  home([&] { s.join({"r1", "r2"}); });
  on(x, "1");
  home([&] { s.join("ghost"); });
  CHECK(s.rooms().empty());
  std::optional<room_names> rooms;
  start([](fixture& f, auto& out) -> boost::asio::awaitable<void> {
    out = co_await f.io.sockets().adapter().rooms();
  }(*this, rooms));
  CHECK(rooms == room_names{});
}

TEST_CASE_METHOD(fixture, "when a link ends, each of its sockets ends, with its rooms until then") {
  io.of("/a").on_connection([this](const api::socket& x) { sockets.push_back(x); });
  auto& x = connect();
  on(x, "0/a,");
  lines said;
  for (auto& s : sockets) {
    s.on_disconnecting([&said, s](std::string_view why, auto) {
      said.push_back(s.name_space().name() + " " + std::string{why} + " " + s.rooms().back());
    });
    s.on_disconnect([&said, s](auto, auto) { said.push_back(std::to_string(s.rooms().size())); });
  }
  home([&] {
    sockets[0].join("r1");
    sockets[1].join("r2");
  });
  x.gone(actors::close_reason::transport_close);
  CHECK(said == lines{"/ transport close r1", "0", "/a transport close r2", "0"});
}

TEST_CASE_METHOD(fixture, "disconnect(true) leaves all namespaces, from any thread") {
  io.of("/a").on_connection([this](const api::socket& x) { sockets.push_back(x); });
  auto& x = connect();
  on(x, "0/a,");
  x.link.take();
  lines said;
  for (auto& s : sockets)
    s.on_disconnect([&](std::string_view why, auto) { said.emplace_back(why); });
  sockets[0].disconnect(true); // the test's thread is no worker
  run();
  CHECK(said == lines(2, "server namespace disconnect"));
  CHECK(x.link.sent == lines{"41", "41/a,"});
  CHECK(x.link.closed == "forced close");
}

TEST_CASE_METHOD(fixture, "closing the server ends sockets and connections without a packet") {
  auto& x = connect();
  lines said;
  sockets[0].on_disconnect([&](std::string_view why, auto) { said.emplace_back(why); });
  start(io.close());
  CHECK(said == lines{"server shutting down"});
  CHECK(x.link.sent.empty());
  CHECK(x.link.closed == "server shutting down");
  start(io.close());
}
