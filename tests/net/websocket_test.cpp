#include "tests/net/machine_rig.hpp"

using namespace atrium;
using actors::close_reason;
using test::machine_rig;
using actions = machine_rig::actions;

TEST_CASE("the first frame of a WebSocket session is the open packet without upgrades") {
  net::engine::options x;
  x.initial_packet = "hello";
  machine_rig rig{x};
  rig.aut.open_websocket(1, "SID");
  CHECK(rig.take()
        == actions{R"(channel 1: 0{"sid":"SID","upgrades":[],"pingInterval":25000,)"
                   R"("pingTimeout":20000,"maxPayload":1000000})",
                   "channel 1: 4hello"});
}

TEST_CASE("messages go both ways as they are") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_channel_text(1, "4a");
  rig.aut.on_channel_text(1, "4");
  rig.aut.on_channel_binary(1, "\x01\x02");
  rig.aut.on_channel_text(1, "bAQI=");
  rig.aut.put(machine_rig::binary("4h", "\x03"));
  CHECK(rig.take()
        == actions{"text a", "text ", "binary \x01\x02", "binary \x01\x02", "channel 1: 4h",
                   "channel 1: bytes \x03"});
}

TEST_CASE("what is no packet closes the session") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_channel_text(1, GENERATE("abc", "", "7"));
  CHECK(rig.take() == actions{"close channel 1", "closed: parse error", "forget"});
}

TEST_CASE("a ping on a WebSocket is a transport error") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_channel_text(1, GENERATE("2", "2probe"));
  CHECK(rig.take()
        == actions{"close channel 1", "closed: transport error (invalid heartbeat direction)",
                   "forget"});
}

TEST_CASE("a close packet on a WebSocket closes it") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_channel_text(1, "1");
  CHECK(rig.take() == actions{"close channel 1", "closed: transport close", "forget"});
}

TEST_CASE("other packets on a WebSocket are ignored") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_channel_text(1, GENERATE("0", "3", "5", "6"));
  CHECK(rig.take().empty());
}

TEST_CASE("the end of the WebSocket is the end of the session") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_channel_end(1, close_reason::transport_error, "too big");
  CHECK(rig.take() == actions{"closed: transport error (too big)", "forget"});
}

TEST_CASE("a volatile frame needs an empty outbox") {
  machine_rig rig;
  rig.open_websocket();
  CHECK(rig.aut.put_volatile(machine_rig::text("4a")));
  rig.outboxes_empty = false;
  CHECK_FALSE(rig.aut.put_volatile(machine_rig::text("4b")));
  CHECK(rig.take() == actions{"channel 1: 4a"});
}

TEST_CASE("a session that asked for base64 gets it on a WebSocket too") {
  machine_rig rig{{}, {4, true}};
  rig.open_websocket();
  rig.aut.put(machine_rig::binary("4h", "\x01\x02"));
  CHECK(rig.take() == actions{"channel 1: 4h", "channel 1: bAQI="});
}

TEST_CASE("binary frames of protocol 3 begin with a type byte, both ways") {
  machine_rig rig{{}, {3, false}};
  rig.open_websocket();
  rig.aut.put(machine_rig::binary("4h", "\x01"));
  CHECK(rig.take() == actions{"channel 1: 4h", "channel 1: bytes \x04\x01"});
  rig.aut.on_channel_binary(1, "\x04\x02");
  CHECK(rig.take() == actions{"binary \x02"});
  rig.aut.on_channel_binary(1, "\x02");
  CHECK(rig.take() == actions{"close channel 1", "closed: parse error", "forget"});
}
