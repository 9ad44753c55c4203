#include "tests/net/machine_rig.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using actors::close_mode;
using actors::close_reason;
using test::machine_rig;
using actions = machine_rig::actions;

TEST_CASE("a pending GET is told that the program closed the session") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  CHECK(rig.take() == actions{"answer 2: 200 1", "closed: forced close", "forget"});
}

TEST_CASE("without a GET the next one is told") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  CHECK(rig.take().empty());
  CHECK(rig.aut.state() == net::engine::ready_state::closing);
  rig.get(2);
  CHECK(rig.take()
        == actions{"answer 2: 200 6\x1e"
                   "1",
                   "closed: forced close", "forget"});
}

TEST_CASE("what was put before a close goes out first") {
  machine_rig rig;
  rig.open_polling();
  SECTION("with a GET waiting") {
    rig.get(2);
    rig.aut.put(machine_rig::text("4a"));
    rig.aut.close(close_reason::forced_close, close_mode::flush);
    CHECK(rig.take() == actions{"answer 2: 200 4a"});
  }
  SECTION("with the next GET") {
    rig.aut.put(machine_rig::text("4a"));
    rig.aut.close(close_reason::forced_close, close_mode::flush);
    rig.get(2);
    CHECK(rig.take() == actions{"answer 2: 200 4a"});
  }
  rig.aut.put(machine_rig::text("4too late"));
  rig.get(3);
  CHECK(rig.take()
        == actions{"answer 3: 200 6\x1e"
                   "1",
                   "closed: forced close", "forget"});
}

TEST_CASE("a closing session that nobody fetches ends after a while") {
  net::engine::options x;
  x.ping_interval = 60s;
  machine_rig rig{x};
  rig.open_polling();
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  rig.advance(29'999ms);
  CHECK(rig.take().empty());
  rig.advance(1ms);
  CHECK(rig.take() == actions{"closed: forced close", "forget"});
}

TEST_CASE("discarding closes at once and drops what waits") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.close(close_reason::server_shutting_down, close_mode::discard);
  CHECK(rig.take() == actions{"closed: server shutting down", "forget"});
}

TEST_CASE("a close that waits can be made a discard") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  CHECK(rig.take().empty());
  rig.aut.close(close_reason::server_shutting_down, close_mode::discard);
  CHECK(rig.take() == actions{"closed: server shutting down", "forget"});
}

TEST_CASE("a closing session ignores messages but sees its client close") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  rig.post(2, "4ignored\x1e"
              "1");
  CHECK(rig.take() == actions{"answer 2: 200 ok", "closed: transport close"});
}

TEST_CASE("a WebSocket gets an empty close frame behind what was put") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  rig.aut.put(machine_rig::text("4too late"));
  CHECK(rig.take()
        == actions{"channel 1: 4a", "close channel 1", "closed: forced close", "forget"});
}

TEST_CASE("a session closes once") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  rig.take();
  rig.aut.close(close_reason::forced_close, close_mode::discard);
  rig.aut.on_channel_end(1, close_reason::transport_close, {});
  rig.aut.on_channel_text(1, "4a");
  rig.advance(100s);
  CHECK(rig.take().empty());
  CHECK_FALSE(rig.armed(test::session_timer::heartbeat));
}

TEST_CASE("closing in the middle of an upgrade closes both transports") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  rig.aut.on_channel(7);
  rig.aut.on_channel_text(7, "2probe");
  rig.take();
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  CHECK(rig.take()
        == actions{"close channel 7", "answer 2: 200 1", "closed: forced close", "forget"});
  CHECK_FALSE(rig.armed(test::session_timer::noop));
  CHECK_FALSE(rig.armed(test::session_timer::upgrade));
}

TEST_CASE("a closing session that is upgraded sends what waits and closes") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.on_channel(7);
  rig.aut.on_channel_text(7, "2probe");
  rig.take();
  rig.aut.close(close_reason::forced_close, close_mode::flush);
  rig.aut.on_channel_text(7, "5");
  CHECK(
    rig.take()
    == actions{"channel 7: 4a", "upgraded", "close channel 7", "closed: forced close", "forget"});
}
