#include "actors/runtime/sleep.hpp"
#include "tests/api/api_fixture.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::lines;

namespace {

struct fixture : test::api_fixture {
  explicit fixture(bool cleanup = false) : api_fixture{options(cleanup), 2} {
    io.on_new_namespace([this](const api::socket_namespace& x) { made.push_back(x.name()); });
  }

  static api::server_options options(bool cleanup) {
    api::server_options result;
    result.cleanup_empty_child_namespaces = cleanup;
    result.dynamic_namespaces_max = 3;
    result.dynamic_name_bytes_max = 20;
    return result;
  }

  /// What a new client gets that joins a namespace.
  client& join(std::string_view nsp, std::size_t worker = 0) {
    auto& x = open(worker);
    on(x, "0" + std::string{nsp} + ",");
    return x;
  }

  static bool is_in(const client& x) {
    return ! x.link.sent.empty() && x.link.sent.front().find("\"sid\"") != std::string::npos;
  }

  static std::string refusal(std::string_view nsp) {
    return "44" + std::string{nsp} + R"(,{"message":"Invalid namespace"})";
  }

  lines names(const api::socket_namespace& parent) {
    lines result;
    for (auto& x : parent.children())
      result.push_back(x.name());
    return result;
  }

  lines made;
};

struct cleaning_fixture : fixture {
  cleaning_fixture() : fixture{true} {
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a regular expression makes children, which have its handlers") {
  lines said;
  auto parent = io.of(std::regex{R"(^/dyn-\d+$)"});
  parent.use([&](const api::socket& s) -> api::admission {
    said.push_back("use " + s.name_space().name());
    return std::nullopt;
  });
  parent.on_connection(
    [&](const api::socket& s) { said.push_back("in " + s.name_space().name()); });
  parent.handle("e", [](const api::socket&, const api::event& e) { e.ack("yes"); });
  auto& x = join("/dyn-1");
  CHECK(is_in(x));
  x.link.take();
  on(x, R"(2/dyn-1,7["e"])");
  CHECK(x.link.take() == lines{R"(43/dyn-1,7["yes"])"});
  on(x, "0/dyn-22,");
  CHECK(said == lines{"use /dyn-1", "in /dyn-1", "use /dyn-22", "in /dyn-22"});
  CHECK(names(parent) == lines{"/dyn-1", "/dyn-22"});
  CHECK(made == lines{"/dyn-1", "/dyn-22"});
  CHECK(join("/dyn-x").link.sent == lines{refusal("/dyn-x")});
}

TEST_CASE_METHOD(fixture, "functions decide by the name and the auth, the first that says yes") {
  io.of([](const std::string& name, const json::object& auth) {
      return name == "/a" && auth.contains("token");
    })
    .on_connection([](const api::socket& s) { s.emit("first"); });
  io.of(
    [](std::string name, json::object) -> boost::asio::awaitable<bool> {
      co_await runtime::sleep(10ms);
      if (name == "/throws")
        throw std::runtime_error{"on purpose"};
      co_return name == "/a" || name == "/later";
    },
    [](const api::socket& s) { s.emit("second"); });
  auto& x = open();
  on(x, R"(0/a,{"token":1})");
  REQUIRE(x.link.sent.size() == 2);
  CHECK(x.link.sent[1] == R"(42/a,["first"])");
  auto& y = join("/later");
  CHECK(y.link.sent.empty());
  advance(20ms);
  REQUIRE(y.link.sent.size() == 2);
  CHECK(y.link.sent[1] == R"(42/later,["second"])");
  auto& z = join("/throws");
  advance(20ms);
  CHECK(z.link.sent == lines{refusal("/throws")});
  CHECK(reported == lines{"namespace matcher: on purpose"});
}

TEST_CASE_METHOD(fixture, "a client may not join twice while a function thinks, and may go") {
  auto asked = 0;
  auto parent = io.of([&](std::string, json::object) -> boost::asio::awaitable<bool> {
    ++asked;
    co_await runtime::sleep(10ms);
    co_return true;
  });
  auto& twice = join("/a");
  on(twice, "0/a,");
  CHECK(twice.link.closed == "forced close");
  twice.gone(actors::close_reason::forced_close);
  auto& early = join("/b");
  on(early, R"(2/b,["e"])");
  CHECK(early.link.closed == "forced close");
  early.gone(actors::close_reason::forced_close);
  advance(20ms);
  CHECK(asked == 2);
  CHECK(parent.children().empty());
  CHECK(reported.empty());
}

TEST_CASE_METHOD(fixture, "clients that join a new name at the same time share one namespace") {
  auto parent = io.of([](std::string, json::object) -> boost::asio::awaitable<bool> {
    co_await runtime::sleep(10ms);
    co_return true;
  });
  auto& x = join("/a", 0);
  auto& y = join("/a", 1);
  advance(20ms);
  CHECK(is_in(x));
  CHECK(is_in(y));
  CHECK(made == lines{"/a"});
  x.link.take();
  y.link.take();
  parent.children().front().emit("b");
  run();
  CHECK(x.link.sent == lines{R"(42/a,["b"])"});
  CHECK(y.link.sent == x.link.sent);
}

TEST_CASE_METHOD(fixture, "what is emitted to a parent goes to all its children") {
  auto parent = io.of(std::regex{"^/room"});
  parent.on_connection([](const api::socket& s) {
    if (s.name_space().name() == "/room2")
      s.join("r");
  });
  auto& x = join("/room1");
  auto& y = join("/room2");
  auto take = [&] {
    run();
    return std::vector{x.link.take(), y.link.take()};
  };
  take();
  parent.emit("b", 1);
  CHECK(take() == std::vector{lines{R"(42/room1,["b",1])"}, lines{R"(42/room2,["b",1])"}});
  parent.to("r").emit("b", 2);
  CHECK(take() == std::vector{lines{}, lines{R"(42/room2,["b",2])"}});
  parent.except("r").emit("b", 3);
  CHECK(take() == std::vector{lines{R"(42/room1,["b",3])"}, lines{}});
  std::optional<api::broadcast_answers> got;
  start([](auto& to, auto& out) -> boost::asio::awaitable<void> {
    out = co_await to.emit_with_ack("q");
  }(parent, got));
  on(x, "3/room1,0[1]");
  CHECK_FALSE(got);
  on(y, "3/room2,0[2]");
  REQUIRE(got);
  CHECK(got->responses == std::vector<json::value>{1, 2});
  take();
  start([](auto& of) -> boost::asio::awaitable<void> { co_await of.fetch_sockets(); }(parent));
  CHECK(reported == lines{"test: its sockets cannot be asked of a parent namespace"});
  parent.disconnect_sockets();
  CHECK(take() == std::vector{lines{"41/room1,"}, lines{"41/room2,"}});
}

TEST_CASE_METHOD(fixture, "`of` with a name that a parent matches makes its child") {
  auto parent = io.of(std::regex{"^/child"});
  parent.on_connection([](const api::socket& s) { s.emit("hello"); });
  auto child = io.of("/child1");
  child.on_connection([](const api::socket& s) { s.emit("own"); });
  CHECK(names(parent) == lines{"/child1"});
  auto& x = join("/child1");
  REQUIRE(x.link.sent.size() == 3);
  CHECK(x.link.sent[1] == R"(42/child1,["hello"])");
  CHECK(x.link.sent[2] == R"(42/child1,["own"])");
  auto& y = join("/child2");
  CHECK(y.link.sent.size() == 2); // what is added to one child is its own
}

TEST_CASE_METHOD(fixture, "handlers may be added to a child as it is made, and ask for it") {
  io.on_new_namespace([this](const api::socket_namespace& x) {
    CHECK(io.of(x.name()).name() == x.name());
    x.on_connection([](const api::socket& s) { s.emit("made"); });
  });
  io.of(std::regex{"^/n"});
  CHECK(join("/n1").link.sent.size() == 2);
  CHECK(made == lines{"/n1"});
}

TEST_CASE_METHOD(fixture, "an empty name and / are the main namespace, others get their /") {
  CHECK(io.of("").name() == "/");
  CHECK(io.of("/").name() == "/");
  CHECK(io.of("chat").name() == "/chat");
  CHECK(io.of("/chat").name() == "/chat");
  CHECK(made == lines{"/chat"});
}

TEST_CASE_METHOD(fixture, "names that are too long, and children beyond the limit, are refused") {
  auto parent = io.of(std::regex{"^/d"});
  auto longest = "/d" + std::string(18, 'x');
  CHECK(is_in(join(longest)));
  CHECK(join(longest + "x").link.sent == lines{refusal(longest + "x")});
  CHECK(is_in(join("/d2")));
  CHECK(is_in(join("/d3")));
  CHECK(join("/d4").link.sent == lines{refusal("/d4")});
  CHECK(is_in(join("/d3")));
}

TEST_CASE_METHOD(fixture, "children stay when their last socket has gone") {
  auto parent = io.of(std::regex{"^/d"});
  on(join("/d1"), "1/d1,");
  CHECK(names(parent) == lines{"/d1"});
}

TEST_CASE_METHOD(cleaning_fixture, "a child goes with its last socket, and can be joined again") {
  auto parent = io.of(std::regex{"^/d"});
  io.of("/static");
  auto& x = join("/d1", 0);
  auto& y = join("/d1", 1);
  auto gone = parent.children().front();
  x.gone(actors::close_reason::transport_close);
  run();
  CHECK(names(parent) == lines{"/d1"});
  on(y, "1/d1,");
  CHECK(parent.children().empty());
  gone.emit("nobody"); // a handle of what is gone does nothing
  run();
  on(y, "0/d1,");
  CHECK(names(parent) == lines{"/d1"});
  y.link.take();
  parent.emit("b");
  run();
  CHECK(y.link.sent == lines{R"(42/d1,["b"])"});
  on(join("/static"), "1/static,");
  CHECK(is_in(join("/static")));
  CHECK(made == lines{"/static", "/d1", "/d1"});
}

TEST_CASE_METHOD(cleaning_fixture, "a child whose only client was refused goes, another stays") {
  auto parent = io.of(std::regex{"^/d"});
  parent.use([](const api::socket& s) -> api::admission {
    if (s.handshake().auth.contains("ok"))
      return std::nullopt;
    return api::connect_error{"no"};
  });
  CHECK(join("/d1").link.sent == lines{R"(44/d1,{"message":"no"})"});
  CHECK(parent.children().empty());
  auto& x = open();
  on(x, R"(0/d1,{"ok":1})");
  CHECK(is_in(x));
  join("/d1");
  CHECK(names(parent) == lines{"/d1"});
}

TEST_CASE_METHOD(cleaning_fixture, "the way of a child that went is free for others") {
  io.of(std::regex{"^/d"});
  for (auto i = 0; i < 10; ++i) {
    auto name = "/d" + std::to_string(i);
    auto& x = join(name);
    CHECK(is_in(x));
    on(x, "1" + name + ",");
  }
}
