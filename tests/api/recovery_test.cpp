#include "tests/api/api_fixture.hpp"

#include <map>

using namespace atrium;
using namespace std::chrono_literals;
using test::lines;

namespace {

/// Keeps what is committed for the next server.
class memory_recovery final : public storage::recovery_store {
public:
  storage::outcome<std::map<std::string, storage::saved_namespace>>
  load(epoch_ms now, std::chrono::milliseconds) override {
    auto result = all;
    for (auto& [name, x] : result)
      for (auto& session : x.sessions)
        session.closed = session.closed.value_or(now);
    return result;
  }

  storage::outcome<void> commit(std::span<const storage::recovery_batch_ptr> batches) override {
    if (full)
      return storage::failure{errc::storage_full, "the disk is full"};
    for (auto& batch : batches)
      apply(*batch);
    return {};
  }

  std::map<std::string, storage::saved_namespace> all;
  bool full = false;

private:
  void apply(const storage::recovery_batch& x) {
    auto& to = all[x.nsp];
    if (x.clear)
      to = {};
    to.marks = x.marks;
    to.packets.insert(to.packets.end(), x.packets.begin(), x.packets.end());
    std::erase_if(to.packets, [&](auto& y) { return y->position < x.first; });
    for (auto& session : x.sessions) {
      std::erase_if(to.sessions, [&](auto& y) { return y.pid == session.pid; });
      to.sessions.push_back(session);
    }
    for (auto& pid : x.gone)
      std::erase_if(to.sessions, [&](auto& y) { return y.pid == pid; });
  }
};

using memory_recovery_ptr = std::shared_ptr<memory_recovery>;

/// What a client remembers of itself.
struct memory {
  std::string sid;
  std::string pid;
  std::string offset;

  std::string connect() const {
    json::object auth{{"pid", pid}};
    if (! offset.empty())
      auth["offset"] = offset;
    return "0" + json::serialize(auth);
  }
};

/// An event without its last argument, which goes into `offset`.
std::string strip(const std::string& text, std::string& offset) {
  auto comma = text.rfind(",\"");
  auto event = text.starts_with("42") || text.starts_with("45");
  if (! event || comma == std::string::npos)
    return text;
  offset = text.substr(comma + 2, text.size() - comma - 4);
  return text.substr(0, comma) + "]";
}

struct fixture : test::api_fixture {
  explicit fixture(api::recovery_options recovery = {}, memory_recovery_ptr kept = nullptr)
    : api_fixture{options(std::move(recovery), kept)},
      store{std::move(kept)} {
    io.on_connection([this](const api::socket& s) {
      sockets.push_back(s);
      s.on_disconnect([this](std::string_view why, std::string_view) { ended.emplace_back(why); });
    });
    io.sockets().on_recovery_failed([this](const api::socket& s, recovery_refusal why) {
      CHECK_FALSE(s.connected());
      refused.emplace_back(to_string(why));
    });
  }

  ~fixture() {
    for (auto& x : clients)
      if (x.handler)
        x.gone(actors::close_reason::transport_close);
    run();
  }

  static api::server_options options(api::recovery_options recovery, memory_recovery_ptr kept) {
    api::server_options result;
    recovery.store = std::move(kept);
    recovery.detached = false;
    result.recovery = std::move(recovery);
    return result;
  }

  /// What a client got since the last call, offsets stripped and remembered.
  lines take(client& x, memory& of) {
    lines result;
    for (auto& text : x.link.take()) {
      if (text.starts_with("40{")) {
        auto reply = json::parse(std::string_view{text}.substr(2));
        of.sid = std::string_view{reply.at("sid").as_string()};
        of.pid = std::string_view{reply.at("pid").as_string()};
        result.emplace_back("connected");
      } else {
        result.push_back(strip(text, of.offset));
      }
    }
    return result;
  }

  client& join(memory& of) {
    auto& x = open();
    on(x, "0");
    CHECK(take(x, of) == lines{"connected"});
    return x;
  }

  /// Comes back over a new link.
  client& back(const memory& of) {
    auto& x = open();
    on(x, of.connect());
    return x;
  }

  void lose(client& x) {
    x.gone(actors::close_reason::transport_close);
    run();
  }

  std::vector<api::socket> sockets;
  lines ended;
  lines refused;
  memory_recovery_ptr store;
  memory ann;
};

} // namespace

TEST_CASE_METHOD(fixture, "missed events are replayed once, in order, before the reply") {
  auto& first = join(ann);
  io.emit("m", 1);
  run();
  CHECK(take(first, ann) == lines{R"(42["m",1])"});
  sockets[0].join("kitchen");
  sockets[0].data()["name"] = "Ann";
  run();
  lose(first);
  io.emit("m", 2);
  io.to("kitchen").emit("m", 3);
  io.to("hall").emit("m", 4);
  io.except("kitchen").emit("m", 5);
  io.to(ann.sid).emit("m", 6, api::binary{"abc"});
  io.sockets().volatile_().emit("m", 7);
  auto before = ann;
  auto& second = back(ann);
  CHECK(take(second, ann)
        == lines{R"(42["m",2])", R"(42["m",3])", R"(451-["m",6,{"_placeholder":true,"num":0}])",
                 "<abc>", "connected"});
  CHECK(ann.sid == before.sid);
  CHECK(ann.pid == before.pid);
  REQUIRE(sockets.size() == 2);
  CHECK(sockets[1].recovered());
  CHECK(sockets[1].id() == before.sid);
  CHECK(sockets[1].rooms() == lines{before.sid, "kitchen"});
  CHECK(sockets[1].data().at("name") == "Ann");
  io.to("kitchen").emit("m", 8);
  run();
  CHECK(take(second, ann) == lines{R"(42["m",8])"});
  CHECK(refused.empty());
}

TEST_CASE_METHOD(fixture, "what is kept is measured, and those that come back are counted") {
  auto& x = join(ann);
  io.emit("m", 1);
  run();
  take(x, ann);
  CHECK(metric("atrium_recovery_sessions") == "0");
  CHECK(metric("atrium_recovery_packets") == "1");
  lose(x);
  io.emit("m", 2);
  io.emit("m", 3);
  CHECK(metric("atrium_recovery_sessions") == "1");
  CHECK(metric("atrium_recovery_packets") == "3");
  CHECK(std::stoul(metric("atrium_recovery_bytes")) > 1000);
  lose(back(ann));
  CHECK(metric("atrium_recoveries_total") == "1");
  CHECK(metric("atrium_recovery_packets_replayed_total") == "2");
  ann.offset = "nonsense";
  back(ann);
  back(ann);
  CHECK(metric("atrium_recoveries_total") == "1");
  CHECK(metric(R"(atrium_recoveries_refused_total{cause="packets_lost"})") == "1");
  CHECK(metric(R"(atrium_recoveries_refused_total{cause="unknown_session"})") == "1");
  CHECK(metric(R"(atrium_recoveries_refused_total{cause="expired"})") == "0");
  CHECK(metric("atrium_recovery_sessions") == "0");
  CHECK(metric("atrium_recovery_waiting_bytes") == "absent");
}

TEST_CASE_METHOD(fixture, "a client that got nothing yet misses nothing either") {
  lose(join(ann));
  io.emit("m", 1);
  auto& second = back(ann);
  CHECK(take(second, ann) == lines{R"(42["m",1])", "connected"});
}

TEST_CASE_METHOD(fixture,
                 "a direct emit is recovered, and stays in order with acks and broadcasts") {
  auto& x = join(ann);
  sockets[0].on("go", [this](const api::event& e) {
    io.emit("m", 1);
    sockets[0].emit("m", 2);
    e.ack();
    sockets[0].emit("m", 3);
  });
  on(x, R"(27["go"])");
  CHECK(take(x, ann) == lines{R"(42["m",1])", R"(42["m",2])", "437[]", R"(42["m",3])"});
  lose(x);
  ann.offset.clear();
  CHECK(take(back(ann), ann) == lines{R"(42["m",1])", R"(42["m",2])", R"(42["m",3])", "connected"});
}

TEST_CASE_METHOD(fixture, "what is emitted before a disconnect still arrives") {
  auto whole_link = GENERATE(false, true);
  auto& x = join(ann);
  sockets[0].on("bye", [this, whole_link](const api::event&) {
    sockets[0].emit("m", "bye");
    sockets[0].disconnect(whole_link);
    CHECK_FALSE(sockets[0].connected());
    sockets[0].emit("m", "never");
  });
  on(x, R"(2["bye"])");
  CHECK(take(x, ann) == lines{R"(42["m","bye"])", "41"});
  CHECK(x.link.closed.has_value() == whole_link);
  CHECK(ended == lines{"server namespace disconnect"});
  lose(x);
  CHECK(take(back(ann), ann).back() == "connected");
  CHECK(refused == lines{"unknown session"});
}

TEST_CASE_METHOD(fixture, "whoever leaves on purpose cannot come back") {
  auto& x = join(ann);
  auto old = ann;
  on(x, "1");
  auto& y = back(ann);
  CHECK(take(y, ann) == lines{"connected"});
  CHECK(ann.sid != old.sid);
  CHECK(ann.pid != old.pid);
  CHECK_FALSE(sockets[1].recovered());
  CHECK(refused == lines{"unknown session"});
}

TEST_CASE_METHOD(fixture, "an unknown session, or an offset that is none, begins a new one") {
  auto& x = join(ann);
  io.emit("m", 1);
  run();
  take(x, ann);
  lose(x);
  auto stranger = ann;
  stranger.pid = "01234567890123456789";
  CHECK(take(back(stranger), stranger) == lines{"connected"});
  ann.offset = GENERATE("hello", "1.1", "zz.zz");
  CHECK(take(back(ann), ann) == lines{"connected"});
  CHECK(refused == lines{"unknown session", "packets lost"});
}

TEST_CASE("a client may be away for so long, and no longer") {
  api::recovery_options recovery;
  recovery.max_disconnection = 1s;
  fixture f{recovery};
  auto& x = f.join(f.ann);
  f.lose(x);
  f.advance(900ms);
  auto& y = f.back(f.ann);
  CHECK(f.take(y, f.ann) == lines{"connected"});
  CHECK(f.refused.empty());
  f.lose(y);
  f.advance(1100ms);
  f.back(f.ann);
  CHECK(f.refused == lines{"expired"});
  CHECK(f.metric(R"(atrium_recoveries_refused_total{cause="expired"})") == "1");
}

TEST_CASE_METHOD(fixture,
                 "a client that is back before its loss was noticed takes its socket over") {
  auto& x = join(ann);
  sockets[0].data()["n"] = 1;
  sockets[0].join("kitchen");
  io.emit("m", 1);
  run();
  take(x, ann);
  io.emit("m", 2); // which does not get through
  run();
  auto before = ann;
  auto& y = open();
  y.link.home().post([&] { y.send(before.connect()); });
  run();
  CHECK(x.link.closed == "transport close");
  lose(x); // the session tells its handler
  CHECK(take(y, ann) == lines{R"(42["m",2])", "connected"});
  CHECK(ann.sid == before.sid);
  CHECK(sockets[1].data().at("n") == 1);
  CHECK(sockets[1].rooms() == lines{before.sid, "kitchen"});
  CHECK(ended == lines{"transport close"});
  CHECK(refused.empty());
}

TEST_CASE_METHOD(fixture, "of two that come for one session the last one gets it") {
  auto& x = join(ann);
  auto& y = open();
  auto& z = open();
  y.link.home().post([&] {
    y.send(ann.connect());
    z.send(ann.connect());
  });
  run();
  CHECK(x.link.closed == "transport close");
  memory first;
  memory second;
  CHECK(take(y, first) == lines{"connected"});
  CHECK(take(z, second) == lines{"connected"});
  CHECK(first.pid != ann.pid);
  CHECK(second.pid == ann.pid);
  CHECK(refused == lines{"unknown session"});
}

TEST_CASE_METHOD(fixture, "a client that goes while its session is looked for can come again") {
  auto& x = join(ann);
  io.emit("m", 1);
  run();
  take(x, ann);
  sockets[0].data()["n"] = 1;
  lose(x);
  io.emit("m", 2);
  run();
  auto& y = open();
  // The lane has not answered when the link is gone.
  y.link.home().post([&] {
    y.send(ann.connect());
    y.gone(actors::close_reason::transport_close);
  });
  run();
  auto& z = back(ann);
  CHECK(take(z, ann) == lines{R"(42["m",2])", "connected"});
  CHECK(sockets.back().data().at("n") == 1);
}

TEST_CASE("middlewares are left out for a recovered client, unless they are wanted") {
  auto skip = GENERATE(true, false);
  api::recovery_options recovery;
  recovery.skip_middlewares = skip;
  fixture f{recovery};
  std::vector<bool> seen;
  f.io.use([&](const api::socket& s) -> api::admission {
    seen.push_back(s.recovered());
    return std::nullopt;
  });
  auto& x = f.join(f.ann);
  f.lose(x);
  auto& y = f.back(f.ann);
  CHECK(f.take(y, f.ann) == lines{"connected"});
  CHECK(f.sockets.back().recovered());
  CHECK(seen == (skip ? std::vector<bool>{false} : std::vector<bool>{false, true}));
}

TEST_CASE_METHOD(fixture, "a watched topic is recovered, and watched again") {
  struct news final : publication {
    std::size_t size() const noexcept override {
      return 1;
    }
    topic_channel channel(std::size_t) const noexcept override {
      return topic_channel::states;
    }
    std::string_view topic(std::size_t) const noexcept override {
      return "demo.0.lamp";
    }
    frame_ptr encode(std::size_t, std::string_view offset) const override {
      auto x = std::make_shared<frame>();
      auto text = R"(42["stateChange",")" + std::string{offset} + "\"]";
      x->head = make_frame_part(text, false);
      return x;
    }
  };
  auto& x = join(ann);
  sockets[0].watch(topic_channel::states, "demo.*");
  run();
  lose(x);
  io.sockets().publish(std::make_shared<news>());
  auto& y = back(ann);
  CHECK(take(y, ann) == lines{R"(42["stateChange"])", "connected"});
  CHECK(sockets[1].recovered_watches()
        == std::vector<topic_watch>{{topic_channel::states, "demo.*"}});
  io.sockets().publish(std::make_shared<news>());
  run();
  CHECK(take(y, ann) == lines{R"(42["stateChange"])"});
}

TEST_CASE("with a store, a session outlives its server") {
  auto store = std::make_shared<memory_recovery>();
  auto killed = GENERATE(false, true);
  memory ann;
  memory_recovery_ptr left;
  {
    fixture f{{}, store};
    auto& x = f.join(ann);
    f.sockets[0].join("kitchen");
    f.sockets[0].data()["n"] = 1;
    f.sockets[0].watch(topic_channel::states, "demo.*");
    f.io.emit("m", 1);
    f.run();
    f.take(x, ann);
    if (! killed)
      f.lose(x);
    f.io.to("kitchen").emit("m", 2);
    f.advance(20ms);
    if (killed)
      left = std::make_shared<memory_recovery>(*store);
  }
  fixture f{{}, killed ? left : store};
  f.io.emit("m", 3);
  auto& y = f.back(ann);
  auto sid = ann.sid;
  CHECK(f.take(y, ann) == lines{R"(42["m",2])", R"(42["m",3])", "connected"});
  CHECK(ann.sid == sid);
  CHECK(f.sockets[0].data().at("n") == 1);
  CHECK(f.sockets[0].rooms() == lines{sid, "kitchen"});
  CHECK(f.sockets[0].recovered_watches()
        == std::vector<topic_watch>{{topic_channel::states, "demo.*"}});
}

TEST_CASE("what a full disk refused is written anew, and nobody is told less than there was") {
  auto store = std::make_shared<memory_recovery>();
  memory ann;
  {
    fixture f{{}, store};
    auto& x = f.join(ann);
    f.advance(20ms);
    store->full = true;
    f.io.emit("m", 1);
    f.run();
    f.take(x, ann);
    CHECK(f.metric("atrium_recovery_commits_failed_total") == "0");
    CHECK(f.metric("atrium_recovery_waiting_bytes") != "0");
    f.advance(20ms);
    CHECK(f.metric("atrium_recovery_commits_failed_total") == "1");
    CHECK(f.metric("atrium_recovery_waiting_bytes") == "0");
    store->full = false;
    f.io.emit("m", 2);
    f.advance(20ms);
  }
  CHECK(store->all["/"].sessions.size() == 1);
  fixture f{{}, store};
  auto& y = f.back(ann);
  CHECK(f.take(y, ann).back() == "connected");
  CHECK(f.refused == lines{"packets lost"});
}

TEST_CASE_METHOD(test::api_fixture, "without recovery nothing is added to the wire") {
  auto& x = open();
  on(x, R"(0{"pid":"01234567890123456789","offset":"1.1"})");
  CHECK(x.link.sent.front().find("pid") == std::string::npos);
  x.link.take();
  io.emit("m", 1);
  run();
  CHECK(x.link.sent == lines{R"(42["m",1])"});
}
