#include "tests/net/machine_rig.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::machine_rig;
using actions = machine_rig::actions;

namespace {

net::engine::options fast() {
  net::engine::options x;
  x.ping_interval = 300ms;
  x.ping_timeout = 200ms;
  return x;
}

} // namespace

TEST_CASE("a WebSocket client is pinged, and closed when it does not answer") {
  machine_rig rig{fast()};
  rig.open_websocket();
  rig.advance(299ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"channel 1: 2"});
  rig.advance(199ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"close channel 1", "closed: ping timeout", "forget"});
}

TEST_CASE("the next ping comes one interval after the pong") {
  machine_rig rig{fast()};
  rig.open_websocket();
  rig.advance(350ms);
  rig.aut.on_channel_text(1, "3");
  rig.take();
  rig.advance(299ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"channel 1: 2"});
}

TEST_CASE("a ping over polling waits for the next GET") {
  machine_rig rig{fast()};
  rig.open_polling();
  rig.advance(300ms);
  CHECK(rig.take().empty());
  rig.get(2);
  CHECK(rig.take() == actions{"answer 2: 200 2"});
  rig.post(3, "3");
  CHECK(rig.take() == actions{"answer 3: 200 ok"});
}

TEST_CASE("a polling client that never asks times out too") {
  machine_rig rig{fast()};
  rig.open_polling();
  rig.advance(500ms);
  CHECK(rig.take() == actions{"closed: ping timeout", "forget"});
}

TEST_CASE("a request at the deadline finds the session gone though no timer has noticed") {
  machine_rig rig{fast()};
  rig.open_polling();
  rig.advance(300ms);
  rig.drift(199ms);
  CHECK(rig.aut.known(true));
  rig.drift(1ms);
  CHECK_FALSE(rig.aut.known(true));
  CHECK(rig.take() == actions{"closed: ping timeout", "forget"});
}

TEST_CASE("a ping that a loaded server sends late leaves the client its full time") {
  machine_rig rig{fast()};
  rig.open_websocket();
  rig.drift(400ms);
  rig.advance(0ms);
  CHECK(rig.take() == actions{"channel 1: 2"});
  rig.advance(199ms);
  CHECK(rig.take().empty());
}

TEST_CASE("the first packet while a pong is outstanding extends the deadline, once") {
  machine_rig rig{fast()};
  rig.open_websocket();
  rig.advance(300ms);
  rig.advance(150ms);
  rig.aut.on_channel_text(1, "4busy");
  rig.advance(150ms);
  rig.aut.on_channel_text(1, "4busy");
  rig.take();
  rig.advance(49ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"close channel 1", "closed: ping timeout", "forget"});
}

TEST_CASE("an unsolicited pong restarts the interval") {
  machine_rig rig{fast()};
  rig.open_websocket();
  rig.advance(200ms);
  rig.aut.on_channel_text(1, "3");
  rig.advance(299ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"channel 1: 2"});
}

TEST_CASE("a pong that is outstanding at an upgrade is no longer waited for") {
  machine_rig rig{fast()};
  rig.open_polling();
  rig.advance(300ms);
  rig.get(2);
  rig.aut.on_channel(7);
  rig.aut.on_channel_text(7, "2probe");
  rig.advance(100ms);
  rig.aut.on_channel_text(7, "5");
  rig.take();
  rig.advance(299ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"channel 7: 2"});
  rig.advance(200ms);
  CHECK(rig.take() == actions{"close channel 7", "closed: ping timeout", "forget"});
}

TEST_CASE("in protocol 3 the client pings") {
  machine_rig rig{fast(), {3, false}};
  rig.open_websocket();
  rig.advance(400ms);
  rig.aut.on_channel_text(1, "2");
  CHECK(rig.take() == actions{"channel 1: 3"});
  rig.advance(499ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"close channel 1", "closed: ping timeout", "forget"});
}

TEST_CASE("an upgraded session of protocol 3 is still watched") {
  machine_rig rig{fast(), {3, false}};
  rig.open_polling();
  rig.aut.on_channel(7);
  rig.aut.on_channel_text(7, "5");
  rig.take();
  rig.advance(500ms);
  CHECK(rig.take() == actions{"close channel 7", "closed: ping timeout", "forget"});
}

TEST_CASE("a client that is not listened to is not expected to answer") {
  machine_rig rig{fast()};
  rig.open_websocket();
  rig.aut.pause_input(true);
  rig.advance(900ms);
  CHECK(rig.take() == actions{"channel 1: 2"});
  rig.aut.pause_input(false);
  rig.advance(200ms);
  CHECK(rig.take() == actions{"close channel 1", "closed: ping timeout", "forget"});
}
