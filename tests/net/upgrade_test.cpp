#include "tests/net/machine_rig.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using actors::close_reason;
using test::machine_rig;
using actions = machine_rig::actions;

namespace {

void probe(machine_rig& rig, net::engine::channel_id channel = 7) {
  rig.aut.on_channel(channel);
  rig.aut.on_channel_text(channel, "2probe");
  rig.take();
}

} // namespace

TEST_CASE("an upgrade moves the session and what waits, in order") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_channel(7);
  rig.aut.on_channel_text(7, "2probe");
  CHECK(rig.take() == actions{"channel 7: 3probe"});
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.put(machine_rig::text("4b"));
  rig.on_upgrade = [&] { rig.aut.put(machine_rig::text("4c")); };
  rig.aut.on_channel_text(7, "5");
  CHECK(rig.take() == actions{"channel 7: 4a", "channel 7: 4b", "upgraded", "channel 7: 4c"});
  CHECK(rig.aut.current() == net::engine::transport::websocket);
  CHECK(rig.aut.upgraded());
  rig.aut.on_channel_text(7, "4x");
  CHECK(rig.take() == actions{"text x"});
}

TEST_CASE("while an upgrade goes on a waiting GET ends with a noop every 100 ms") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  probe(rig);
  rig.advance(99ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"answer 2: 200 6"});
  rig.advance(150ms);
  rig.get(3);
  rig.advance(50ms);
  CHECK(rig.take() == actions{"answer 3: 200 6"});
}

TEST_CASE("data goes over polling until the switch") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  probe(rig);
  rig.aut.put(machine_rig::text("4a"));
  rig.end_tick();
  CHECK(rig.take() == actions{"answer 2: 200 4a"});
}

TEST_CASE("a GET that waits at the switch is answered by when it came") {
  machine_rig rig;
  rig.open_polling();
  SECTION("before the probe: the transport is closed") {
    rig.get(2);
    probe(rig);
    rig.aut.on_channel_text(7, "5");
    CHECK(rig.take() == actions{"answer 2: 200 1", "upgraded"});
  }
  SECTION("after the probe: too late") {
    probe(rig);
    rig.get(2);
    rig.aut.on_channel_text(7, "5");
    CHECK(rig.take() == actions{R"(answer 2: 400 {"code":3,"message":"Bad request"})", "upgraded"});
  }
}

TEST_CASE("a POST that is answered at the end of the tick is answered by the switch") {
  machine_rig rig;
  rig.open_polling();
  probe(rig);
  rig.aut.on_post(2, "text/plain");
  rig.aut.on_post_body(2, "4a");
  rig.aut.on_channel_text(7, "5");
  rig.end_tick();
  CHECK(rig.take() == actions{"text a", "answer 2: 200 ok", "upgraded"});
}

TEST_CASE("a POST that is still read at the switch is destroyed") {
  machine_rig rig;
  rig.open_polling();
  probe(rig);
  rig.aut.on_post(2, "text/plain");
  rig.aut.on_channel_text(7, "5");
  CHECK(rig.take() == actions{"drop 2", "upgraded"});
  rig.aut.on_post_body(2, "4a");
  rig.aut.on_aborted(2);
  CHECK(rig.take().empty());
}

TEST_CASE("an upgrade without a probe is accepted") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_channel(7);
  rig.aut.on_channel_text(7, "5");
  CHECK(rig.take() == actions{"upgraded"});
}

TEST_CASE("any other first packet closes the WebSocket only") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_channel(7);
  SECTION("text") {
    rig.aut.on_channel_text(7, GENERATE("4x", "2", "2other", "3probe", "", "abc"));
  }
  SECTION("binary") {
    rig.aut.on_channel_binary(7, "x");
  }
  CHECK(rig.take() == actions{"close channel 7"});
  rig.post(2, "4still there");
  CHECK(rig.take() == actions{"text still there", "answer 2: 200 ok"});
  probe(rig, 8);
  rig.aut.on_channel_text(8, "5");
  CHECK(rig.take() == actions{"upgraded"});
}

TEST_CASE("a WebSocket that dies while probing leaves the session alone") {
  machine_rig rig;
  rig.open_polling();
  probe(rig);
  rig.aut.on_channel_end(7, close_reason::transport_close, {});
  rig.advance(1s);
  CHECK(rig.take().empty());
  CHECK(rig.aut.known(true));
}

TEST_CASE("an upgrade that hangs ends with its WebSocket") {
  machine_rig rig;
  rig.open_polling();
  probe(rig);
  rig.advance(9'999ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"close channel 7"});
  CHECK_FALSE(rig.armed(test::session_timer::noop));
  CHECK(rig.aut.known(true));
}

TEST_CASE("a second WebSocket is closed and the first is undisturbed") {
  machine_rig rig;
  rig.open_polling();
  probe(rig);
  SECTION("while upgrading") {
    rig.aut.on_channel(8);
    CHECK(rig.take() == actions{"close channel 8"});
    rig.aut.on_channel_text(7, "5");
    CHECK(rig.take() == actions{"upgraded"});
  }
  SECTION("after the upgrade") {
    rig.aut.on_channel_text(7, "5");
    rig.take();
    rig.aut.on_channel(8);
    CHECK(rig.take() == actions{"close channel 8"});
  }
  rig.aut.on_channel_text(8, "4from the closed one");
  rig.aut.on_channel_end(8, close_reason::transport_close, {});
  rig.aut.on_channel_text(7, "4x");
  CHECK(rig.take() == actions{"text x"});
}

TEST_CASE("after an upgrade the end of the WebSocket is the end of the session") {
  machine_rig rig;
  rig.open_polling();
  probe(rig);
  rig.aut.on_channel_text(7, "5");
  rig.take();
  rig.aut.on_channel_end(7, close_reason::transport_close, {});
  CHECK(rig.take() == actions{"closed: transport close", "forget"});
}

TEST_CASE("fifty messages each way during an upgrade arrive once and in order") {
  machine_rig rig;
  rig.open_polling();
  for (auto i = 0; i < 50; ++i) {
    auto n = std::to_string(i);
    rig.aut.put(machine_rig::text("4" + n));
    if (i == 10)
      rig.aut.on_channel(7);
    if (i == 15)
      rig.aut.on_channel_text(7, "2probe");
    if (i == 20)
      rig.get(2);
    if (i == 40)
      rig.aut.on_channel_text(7, "5");
  }
  std::string all;
  for (auto& x : rig.take())
    if (x.starts_with("answer 2: 200 "))
      all += x.substr(14) + "\x1e";
    else if (x.starts_with("channel 7: 4"))
      all += x.substr(11) + "\x1e";
  std::string expected;
  for (auto i = 0; i < 50; ++i)
    expected += "4" + std::to_string(i) + "\x1e";
  CHECK(all == expected);
}
