#include "tests/api/adapter_suite.hpp"

#include <algorithm>

using namespace std::chrono_literals;

namespace atrium::test {

cluster::cluster(std::size_t servers,
                 const std::function<api::adapter_factory(std::size_t)>& factory) {
  for (std::size_t i = 0; i < servers; ++i) {
    api::server_options options;
    options.adapter = factory(i);
    auto& io = *servers_.emplace_back(std::make_unique<api::server>(runtime, std::move(options)));
    io.on_connection([this](const api::socket& s) { sockets_.push_back(s); });
    io.open();
  }
  run();
}

cluster::~cluster() {
  for (auto& x : clients_)
    if (x.handler)
      x.gone(actors::close_reason::transport_close);
  sockets_.clear();
  for (auto& x : servers_)
    start(x->close());
}

cluster::client& cluster::connect(std::size_t server, const room_names& rooms) {
  auto& x = clients_.emplace_back(runtime.at(0));
  x.handler = at(server).route().accept(x.link);
  on(x, "0");
  sockets_.back().join(rooms);
  run();
  x.link.take();
  return x;
}

void cluster::on(client& x, std::string_view text) {
  x.link.home().post([&x, text = std::string{text}] { x.send(text); });
  run();
}

namespace {

/// Three clients, on as many servers as there are.
struct people {
  explicit people(cluster& all)
    : ann{all.connect(0, {"r1"})},
      bob{all.connect(1, {"r1", "r2"})},
      cid{all.connect(2, {"r3"})} {
  }

  /// What each of them was sent since the last call.
  std::vector<lines> heard() {
    return {ann.link.take(), bob.link.take(), cid.link.take()};
  }

  cluster::client& ann;
  cluster::client& bob;
  cluster::client& cid;
};

const lines nothing;

void broadcasts(cluster& all) {
  people x{all};
  auto& io = all.at(0);
  lines b{R"(42["b",1])"};
  SECTION("to all") {
    io.emit("b", 1);
    all.run();
    CHECK(x.heard() == std::vector{b, b, b});
  }
  SECTION("to rooms, each socket once") {
    io.to({"r1", "r2", "none"}).emit("b", 1);
    all.run();
    CHECK(x.heard() == std::vector{b, b, nothing});
  }
  SECTION("to ids") {
    io.to({all.id(2), all.id(0)}).emit("b", 1);
    all.run();
    CHECK(x.heard() == std::vector{b, nothing, b});
  }
  SECTION("except rooms and ids") {
    io.except({"r2", all.id(0)}).emit("b", 1);
    all.run();
    CHECK(x.heard() == std::vector{nothing, nothing, b});
    io.to({"r1", "r3"}).except("r2").emit("b", 1);
    all.run();
    CHECK(x.heard() == std::vector{b, nothing, b});
  }
  SECTION("of this node only") {
    io.local().emit("b", 1);
    all.run();
    // The third client may be on the first server again.
    CHECK(x.heard()
          == std::vector{b, all.on_first() > 2 ? b : nothing, all.on_first() > 1 ? b : nothing});
  }
  SECTION("with binary, volatile, not compressed") {
    x.bob.link.busy = true;
    io.volatile_().compress(false).emit("b", api::binary{"xyz"});
    all.run();
    lines bytes{R"(451-["b",{"_placeholder":true,"num":0}])", "<xyz>"};
    CHECK(x.heard() == std::vector{bytes, nothing, bytes});
    CHECK_FALSE(x.cid.link.compress);
    io.emit("b", 1);
    all.run();
    CHECK(x.cid.link.compress);
  }
  SECTION("in their order") {
    for (auto i = 0; i < 3; ++i)
      io.to(i == 1 ? api::room_list{"r3"} : api::room_list{"r3", "r1"}).emit("b", i);
    all.run();
    CHECK(x.cid.link.take() == lines{R"(42["b",0])", R"(42["b",1])", R"(42["b",2])"});
  }
}

void acknowledgements(cluster& all) {
  people x{all};
  std::optional<api::broadcast_answers> got;
  auto ask = [](api::broadcast_operator to, auto& out) -> boost::asio::awaitable<void> {
    out = co_await to.timeout(100ms).emit_with_ack("q");
  };
  auto answer = [&](cluster::client& from, std::string_view args) {
    auto question = from.link.take();
    REQUIRE(question.size() == 1);
    auto id = question[0].substr(2, question[0].find('[') - 2);
    all.on(from, "3" + id + std::string{args});
  };
  SECTION("come from everyone") {
    all.start(ask(all.at(0).to({"r1", "r2"}), got));
    answer(x.bob, R"(["bob",1])");
    CHECK_FALSE(got);
    answer(x.ann, "[]");
    REQUIRE(got);
    CHECK_FALSE(got->timed_out);
    CHECK(got->responses == std::vector<json::value>{"bob", nullptr});
    CHECK(x.cid.link.sent.empty());
  }
  SECTION("are as many as there are when the time is over") {
    all.start(ask(all.at(0).except("none"), got));
    answer(x.cid, R"(["cid"])");
    all.advance(90ms);
    CHECK_FALSE(got);
    all.advance(20ms);
    REQUIRE(got);
    CHECK(got->timed_out);
    CHECK(got->responses == std::vector<json::value>{"cid"});
  }
  SECTION("are none when nobody is there") {
    all.start(ask(all.at(0).to("none"), got));
    REQUIRE(got);
    CHECK_FALSE(got->timed_out);
    CHECK(got->responses.empty());
  }
  SECTION("of one remote socket are one") {
    std::optional<result<json::value>> one;
    auto ask_one = [](api::server& io, std::string who, auto& out) -> boost::asio::awaitable<void> {
      auto found = co_await io.in(who).fetch_sockets();
      out = co_await found.at(0).timeout(100ms).emit_with_ack("q");
    };
    all.start(ask_one(all.at(0), all.id(1), one));
    answer(x.bob, R"(["yes"])");
    REQUIRE(one);
    CHECK(one->value() == "yes");
    one.reset();
    all.start(ask_one(all.at(0), all.id(1), one));
    all.advance(110ms);
    REQUIRE(one);
    CHECK(one->error() == errc::timeout);
  }
}

std::vector<std::string> ids_of(cluster& all, api::broadcast_operator who) {
  std::vector<std::string> result;
  all.start([](api::broadcast_operator from, auto& out) -> boost::asio::awaitable<void> {
    for (auto& x : co_await from.fetch_sockets())
      out.push_back(x.id());
    auto ids = co_await from.all_sockets();
    std::ranges::sort(ids);
    std::ranges::sort(out);
    CHECK(ids == out);
  }(std::move(who), result));
  return result;
}

void utilities(cluster& all) {
  people x{all};
  auto& io = all.at(0);
  auto sorted = [](std::vector<std::string> xs) {
    std::ranges::sort(xs);
    return xs;
  };
  auto everyone = sorted({all.id(0), all.id(1), all.id(2)});
  SECTION("sockets are fetched: all, those in a room, across rooms, here") {
    CHECK(ids_of(all, io.except("none")) == everyone);
    CHECK(ids_of(all, io.in("r1")) == sorted({all.id(0), all.id(1)}));
    CHECK(ids_of(all, io.in({"r1", "r2", "r3"})) == everyone);
    CHECK(ids_of(all, io.local()).size() == all.on_first());
  }
  SECTION("sockets join and leave rooms, all or some or here") {
    io.sockets_join("all");
    io.in("r1").sockets_join({"some", "more"});
    io.local().sockets_join("here");
    all.run();
    CHECK(ids_of(all, io.in("all")) == everyone);
    CHECK(ids_of(all, io.in("more")) == sorted({all.id(0), all.id(1)}));
    CHECK(ids_of(all, io.in("here")).size() == all.on_first());
    io.in("r3").sockets_leave("all");
    io.sockets_leave("some");
    all.run();
    CHECK(ids_of(all, io.in("all")) == sorted({all.id(0), all.id(1)}));
    CHECK(ids_of(all, io.in("some")).empty());
  }
  SECTION("sockets are disconnected, with their connections or without") {
    io.in("r2").disconnect_sockets();
    io.in("r3").disconnect_sockets(true);
    all.run();
    CHECK(x.heard() == std::vector{nothing, lines{"41"}, lines{"41"}});
    CHECK_FALSE(x.bob.link.closed);
    CHECK(x.cid.link.closed == "forced close");
    CHECK(ids_of(all, io.except("none")) == std::vector{all.id(0)});
  }
}

void server_side(cluster& all) {
  lines heard;
  for (std::size_t i = 0; i < all.size(); ++i)
    all.at(i).sockets().on("ping", [&heard, i](const api::event& e) {
      heard.push_back(std::to_string(i) + " " + json::serialize(e.all().args.args));
      if (e[0] != "silence")
        e.ack("from " + std::to_string(i), "more");
    });
  auto others = all.size() - 1;
  std::optional<api::broadcast_answers> got;
  auto ask = [&got](api::server& io, const char* how) -> boost::asio::awaitable<void> {
    got = co_await io.server_side_emit_with_ack("ping", how);
  };
  SECTION("an event goes to the other servers, not to this one") {
    all.at(0).server_side_emit("ping", 1, "two");
    all.at(0).server_side_emit("nobody listens");
    all.run();
    lines expected;
    for (std::size_t i = 1; i <= others; ++i)
      expected.push_back(std::to_string(i) + R"( [1,"two"])");
    CHECK(heard == expected);
  }
  SECTION("each other server answers with one value") {
    all.start(ask(all.at(0), "?"));
    REQUIRE(got);
    CHECK_FALSE(got->timed_out);
    std::vector<json::value> expected;
    for (std::size_t i = 1; i <= others; ++i)
      expected.emplace_back("from " + std::to_string(i));
    CHECK(got->responses == expected);
  }
  SECTION("who does not answer is missing when the time is over") {
    all.start(ask(all.at(0), "silence"));
    all.advance(6s);
    REQUIRE(got);
    CHECK(got->timed_out == (others > 0));
    CHECK(got->responses.empty());
  }
  SECTION("servers are counted") {
    std::size_t count = 0;
    all.start([](api::adapter& reach, auto& out) -> boost::asio::awaitable<void> {
      out = co_await reach.server_count();
    }(all.at(0).sockets().adapter(), count));
    CHECK(count == all.size());
  }
  SECTION("three names are refused") {
    for (const auto* name : {"connect", "connection", "new_namespace"})
      CHECK_THROWS_AS(all.at(0).server_side_emit(name), std::invalid_argument);
  }
}

/// Writes down what happens to rooms.
struct observer final : room_observer {
  void created(const std::string& room) override {
    said.push_back("create " + room);
  }
  void joined(const std::string& room, const socket_name&) override {
    said.push_back("join " + room);
  }
  void left(const std::string& room, const socket_name&) override {
    said.push_back("leave " + room);
  }
  void deleted(const std::string& room) override {
    said.push_back("delete " + room);
  }
  lines said;
};

void rooms(cluster& all) {
  auto& reach = all.at(0).sockets().adapter();
  auto ears = std::make_shared<observer>();
  reach.observe(ears);
  auto& ann = all.connect(0, {"r1", "r2"});
  all.connect(1, {"r1"});
  std::vector<room_names> got;
  auto look = [&](std::string who) -> boost::asio::awaitable<void> {
    got.push_back(co_await reach.rooms());
    got.push_back(co_await reach.socket_rooms(who));
  };
  all.start(look(all.id(0)));
  REQUIRE(got.size() == 2);
  std::ranges::sort(got[0]);
  CHECK(got[0] == room_names{"r1", "r2"});
  CHECK(got[1] == room_names{all.id(0), "r1", "r2"});
  auto id = all.id(0);
  lines expected{"create " + id, "join " + id, "create r1", "join r1", "create r2", "join r2"};
  REQUIRE(ears->said.size() >= expected.size());
  CHECK(std::equal(expected.begin(), expected.end(), ears->said.begin()));
  ears->said.clear();
  reach.add_all(id, {"r1"});
  reach.del(id, {"r2", "none"});
  all.run();
  CHECK(ears->said == lines{"leave r2", "delete r2"});
  ears->said.clear();
  ann.gone(actors::close_reason::transport_close);
  all.run();
  lines left{"leave " + id, "delete " + id, "leave r1"};
  if (all.size() > 1)
    left.emplace_back("delete r1");
  CHECK(ears->said == left);
}

} // namespace

void adapter_suite(const std::function<std::unique_ptr<cluster>()>& make) {
  auto all = make();
  SECTION("broadcasts") {
    broadcasts(*all);
  }
  SECTION("acknowledgements") {
    acknowledgements(*all);
  }
  SECTION("utilities") {
    utilities(*all);
  }
  SECTION("server-side events") {
    server_side(*all);
  }
  SECTION("rooms") {
    rooms(*all);
  }
  CHECK(all->reported.empty());
}

} // namespace atrium::test
