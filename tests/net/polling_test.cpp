#include "tests/net/machine_rig.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::machine_rig;
using actions = machine_rig::actions;

namespace {

const char* const bad_request = R"(400 {"code":3,"message":"Bad request"})";

} // namespace

TEST_CASE("a polling session opens with exactly five fields") {
  machine_rig rig;
  rig.aut.open_polling(1, "SID");
  CHECK(rig.take()
        == actions{R"(answer 1: 200 0{"sid":"SID","upgrades":["websocket"],"pingInterval":25000,)"
                   R"("pingTimeout":20000,"maxPayload":1000000})"});
}

TEST_CASE("no upgrade is offered when upgrades are off or there is nothing to upgrade to") {
  net::engine::options off;
  SECTION("allow_upgrades") {
    off.allow_upgrades = false;
  }
  SECTION("transports") {
    off.transports.websocket = false;
  }
  machine_rig rig{off};
  rig.aut.open_polling(1, "SID");
  CHECK(rig.take().front().find(R"("upgrades":[])") != std::string::npos);
}

TEST_CASE("the initial packet goes out in one payload with the open packet") {
  net::engine::options x;
  x.initial_packet = "hello";
  machine_rig rig{x};
  rig.aut.open_polling(1, "SID");
  CHECK(rig.take().front().ends_with("}\x1e"
                                     "4hello"));
}

TEST_CASE("a GET waits until there is something, and gets all of one tick") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  CHECK(rig.take().empty());
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.put(machine_rig::binary("4b", {"\x01\x02\x03", 3}));
  CHECK(rig.take().empty());
  rig.end_tick();
  CHECK(rig.take()
        == actions{"answer 2: 200 4a\x1e"
                   "4b\x1e"
                   "bAQID"});
}

TEST_CASE("a GET that comes after the data gets it") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.put(machine_rig::text("4a"));
  rig.end_tick();
  rig.get(2);
  CHECK(rig.take() == actions{"answer 2: 200 4a"});
}

TEST_CASE("the echoes of one POST stand in one payload before the POST is answered") {
  machine_rig rig;
  rig.open_polling();
  rig.on_text = [&](auto x) { rig.aut.put(machine_rig::text("4" + std::string{x})); };
  rig.get(2);
  rig.post(3, "4one\x1e"
              "4two\x1e"
              "4three");
  CHECK(rig.take()
        == actions{"text one", "text two", "text three",
                   "answer 2: 200 4one\x1e"
                   "4two\x1e"
                   "4three",
                   "answer 3: 200 ok"});
}

TEST_CASE("binary data in a payload is decoded") {
  machine_rig rig;
  rig.open_polling();
  rig.post(2, "bAQID");
  CHECK(rig.take() == actions{"binary \x01\x02\x03", "answer 2: 200 ok"});
}

TEST_CASE("overlapping GETs close the session") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  rig.get(3);
  CHECK(rig.take()
        == actions{"answer 3: 400 ", "answer 2: 200 1",
                   "closed: transport error (overlap from client)", "forget"});
  CHECK_FALSE(rig.aut.known(true));
}

TEST_CASE("a GET whose answer is due at the end of the tick is not overlapped by the next") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_get(2);
  rig.aut.put(machine_rig::text("4a"));
  rig.aut.on_get(3);
  CHECK(rig.take() == actions{"answer 2: 200 4a"});
}

TEST_CASE("overlapping POSTs close the session and destroy the first") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  CHECK(rig.aut.on_post(3, "text/plain"));
  CHECK_FALSE(rig.aut.on_post(4, "text/plain"));
  CHECK(rig.take()
        == actions{"answer 4: 400 ", "answer 2: 200 1", "drop 3",
                   "closed: transport error (data request overlap from client)", "forget"});
}

TEST_CASE("a POST whose answer is due does not overlap the next") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_post(2, "text/plain");
  rig.aut.on_post_body(2, "4a");
  CHECK(rig.aut.on_post(3, "text/plain"));
  CHECK(rig.take() == actions{"text a", "answer 2: 200 ok"});
}

TEST_CASE("an aborted request closes the session") {
  machine_rig rig;
  rig.open_polling();
  SECTION("a GET") {
    rig.get(2);
    rig.aut.on_aborted(2);
    CHECK(rig.take()
          == actions{"closed: transport error (poll connection closed prematurely)", "forget"});
  }
  SECTION("a POST while it is read") {
    rig.get(2);
    rig.aut.on_post(3, "text/plain");
    rig.aut.on_aborted(3);
    CHECK(rig.take()
          == actions{"answer 2: 200 1",
                     "closed: transport error (data request connection closed prematurely)",
                     "forget"});
  }
}

TEST_CASE("a POST that ends after it was read changes nothing") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_post(2, "text/plain");
  rig.aut.on_post_body(2, "4a");
  rig.aut.on_aborted(2);
  rig.end_tick();
  CHECK(rig.take() == actions{"text a"});
  CHECK(rig.aut.known(true));
}

TEST_CASE("a body that is too large is refused and costs nothing else") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_post(2, "text/plain");
  rig.aut.on_post_too_large(2);
  CHECK(rig.take() == actions{"answer 2: 413 "});
  rig.post(3, "4a");
  CHECK(rig.take() == actions{"text a", "answer 3: 200 ok"});
}

TEST_CASE("octet-stream is refused in protocol 4") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  CHECK_FALSE(rig.aut.on_post(3, "application/octet-stream"));
  CHECK(rig.take()
        == actions{"answer 3: 400 ", "answer 2: 200 1", "closed: transport error (invalid content)",
                   "forget"});
}

TEST_CASE("packets before an undecodable one are delivered") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  auto body = GENERATE(as<std::string>{},
                       "4a\x1e"
                       "abc",
                       "4a\x1e",
                       "4a\x1e"
                       "7");
  rig.post(3, body);
  CHECK(
    rig.take()
    == actions{"text a", "answer 2: 200 1", "answer 3: 200 ok", "closed: parse error", "forget"});
}

TEST_CASE("an empty body is a parse error") {
  machine_rig rig;
  rig.open_polling();
  rig.post(2, "");
  CHECK(rig.take() == actions{"answer 2: 200 ok", "closed: parse error", "forget"});
}

TEST_CASE("a ping from the client is a transport error") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  rig.post(3, "2\x1e"
              "4not delivered");
  CHECK(rig.take()
        == actions{"answer 2: 200 1", "answer 3: 200 ok",
                   "closed: transport error (invalid heartbeat direction)", "forget"});
}

TEST_CASE("packets without a meaning are ignored") {
  machine_rig rig;
  rig.open_polling();
  rig.post(2, GENERATE("3", "0", "5", "6"));
  CHECK(rig.take() == actions{"answer 2: 200 ok"});
  CHECK(rig.aut.state() == net::engine::ready_state::open);
}

TEST_CASE("other methods are answered 500 and the session stays") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.on_other_method(2);
  CHECK(rig.take() == actions{"answer 2: 500 "});
  CHECK(rig.aut.known(true));
}

TEST_CASE("a client that closes gets its pending GET answered with a noop") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  rig.post(3, "1");
  CHECK(rig.take()
        == actions{"answer 2: 200 6", "answer 3: 200 ok", "closed: transport close", "forget"});
  CHECK_FALSE(rig.aut.known(true));
}

TEST_CASE("a client that closes before its GET arrives gets that answered once") {
  machine_rig rig;
  rig.open_polling();
  rig.post(2, "1");
  CHECK(rig.take() == actions{"answer 2: 200 ok", "closed: transport close"});
  CHECK_FALSE(rig.aut.known(false));
  SECTION("within a second") {
    rig.advance(999ms);
    REQUIRE(rig.aut.known(true));
    rig.get(3);
    CHECK(rig.take() == actions{"answer 3: 200 6", "forget"});
  }
  SECTION("but not later") {
    rig.advance(1000ms);
    CHECK(rig.take() == actions{"forget"});
  }
  CHECK_FALSE(rig.aut.known(true));
}

TEST_CASE("what the program does inside a message handler takes effect at once") {
  machine_rig rig;
  rig.open_polling();
  rig.on_text
    = [&](auto) { rig.aut.close(actors::close_reason::forced_close, actors::close_mode::discard); };
  rig.post(2, "4a\x1e"
              "4b");
  CHECK(rig.take() == actions{"text a", "answer 2: 200 ok", "closed: forced close", "forget"});
}

TEST_CASE("a client that never fetches is closed at the limit") {
  net::engine::options x;
  x.outbox.bytes_max = 1000;
  machine_rig rig{x};
  rig.open_polling();
  rig.aut.put(machine_rig::text("4" + std::string(600, 'x')));
  CHECK(rig.take().empty());
  rig.aut.put(machine_rig::text("4" + std::string(600, 'x')));
  CHECK(rig.take() == actions{"closed: transport error (outbox limit exceeded)", "forget"});
}

TEST_CASE("requests that raced an upgrade are refused") {
  machine_rig rig;
  rig.open_websocket();
  rig.aut.on_get(2);
  CHECK_FALSE(rig.aut.on_post(3, "text/plain"));
  CHECK(
    rig.take()
    == actions{std::string{"answer 2: "} + bad_request, std::string{"answer 3: "} + bad_request});
}

TEST_CASE("a volatile frame needs a GET that waits and nothing before it") {
  machine_rig rig;
  rig.open_polling();
  CHECK_FALSE(rig.aut.put_volatile(machine_rig::text("4dropped")));
  rig.get(2);
  CHECK(rig.aut.put_volatile(machine_rig::text("4first")));
  CHECK_FALSE(rig.aut.put_volatile(machine_rig::text("4second")));
  rig.end_tick();
  CHECK(rig.take() == actions{"answer 2: 200 4first"});
  rig.get(3);
  rig.aut.put(machine_rig::text("4regular"));
  CHECK_FALSE(rig.aut.put_volatile(machine_rig::text("4behind it")));
  rig.end_tick();
  CHECK(rig.take() == actions{"answer 3: 200 4regular"});
}

TEST_CASE("protocol 3 has its own payloads") {
  machine_rig rig{{}, {3, false}};
  rig.open_polling();
  rig.aut.put(machine_rig::text("4h\xc3\xa9"));
  rig.get(2);
  CHECK(rig.take() == actions{"answer 2: 200 3:4h\xc3\xa9"});
  rig.post(3, "2:4a2:4b");
  CHECK(rig.take() == actions{"text a", "text b", "answer 3: 200 ok"});
}

TEST_CASE("a POST is answered once the program listens again") {
  machine_rig rig;
  rig.open_polling();
  rig.on_text = [&](auto) { rig.aut.pause_input(true); };
  rig.post(2, "4a\x1e"
              "4b");
  CHECK(rig.take() == actions{"text a", "text b"});
  SECTION("and not before") {
    rig.aut.pause_input(false);
    rig.end_tick();
    CHECK(rig.take() == actions{"answer 2: 200 ok"});
  }
  SECTION("or because the session ends") {
    rig.aut.close(actors::close_reason::forced_close, actors::close_mode::discard);
    CHECK(rig.take() == actions{"answer 2: 200 ok", "closed: forced close", "forget"});
  }
  SECTION("so another one overlaps") {
    CHECK_FALSE(rig.aut.on_post(3, "text/plain"));
    CHECK(rig.take()
          == actions{"answer 3: 400 ", "answer 2: 200 ok",
                     "closed: transport error (data request overlap from client)", "forget"});
  }
}

TEST_CASE("of two GETs the one that reached the machine first is told of the close") {
  machine_rig rig;
  rig.open_polling();
  rig.get(2);
  rig.overtaken = {3, 2};
  rig.get(3);
  CHECK(rig.take()
        == actions{"answer 2: 400 ", "answer 3: 200 1",
                   "closed: transport error (overlap from client)", "forget"});
}

TEST_CASE("in protocol 3 the answers that hold no data have its form too") {
  machine_rig rig{{}, {3, false}};
  rig.open_polling();
  SECTION("the noop of a client's close") {
    rig.get(2);
    rig.post(3, "1:1");
    CHECK(rig.take().front() == "answer 2: 200 1:6");
  }
  SECTION("likewise when its GET comes later") {
    rig.post(2, "1:1");
    rig.take();
    rig.get(3);
    CHECK(rig.take().front() == "answer 3: 200 1:6");
  }
  SECTION("the close of the server") {
    rig.get(2);
    rig.aut.close(actors::close_reason::forced_close, actors::close_mode::flush);
    CHECK(rig.take().front() == "answer 2: 200 1:1");
  }
  SECTION("likewise when the GET comes later") {
    rig.aut.close(actors::close_reason::forced_close, actors::close_mode::flush);
    rig.get(2);
    CHECK(rig.take().front() == "answer 2: 200 1:61:1");
  }
  SECTION("the noop of an upgrade") {
    rig.aut.on_channel(7);
    rig.aut.on_channel_text(7, "2probe");
    rig.get(2);
    rig.take();
    rig.advance(100ms);
    CHECK(rig.take().front() == "answer 2: 200 1:6");
  }
}

TEST_CASE("a session that polls by scripts gets calls of its callback") {
  machine_rig rig;
  rig.aut.open_polling(1, "SID", "3");
  CHECK(rig.take().front().starts_with(R"(answer 1: 200 ___eio[3]("0{\"sid\":\"SID\",)"));
  rig.aut.put(machine_rig::text("4a\"\n\xe2\x80\xa8"));
  rig.aut.put(machine_rig::text("4b"));
  rig.get(2);
  CHECK(rig.take() == actions{R"(answer 2: 200 ___eio[3]("4a\"\n\u2028\u001e4b");)"});
  rig.get(3);
  rig.aut.close(actors::close_reason::forced_close, actors::close_mode::flush);
  CHECK(rig.take().front() == R"(answer 3: 200 ___eio[3]("1");)");
}

TEST_CASE("a session that polls by scripts posts forms") {
  machine_rig rig;
  rig.open_polling("0");
  rig.post(2, R"(x=1&d=4one\ntwo\\nthree%1E4%C3%A9+%26)");
  CHECK(rig.take() == actions{"text one\ntwo\\nthree", "text \xc3\xa9 &", "answer 2: 200 ok"});
  rig.post(3, "no field of this name");
  CHECK(rig.take() == actions{"answer 3: 200 ok"});
  rig.post(4, "d=");
  CHECK(rig.take() == actions{"answer 4: 200 ok", "closed: parse error", "forget"});
}

TEST_CASE("what watches a session sees each packet, both ways, before it takes effect") {
  machine_rig rig;
  rig.open_polling();
  rig.aut.watch();
  rig.on_text = [&](auto x) { rig.aut.put(machine_rig::text("4" + std::string{x})); };
  rig.post(2, "3\x1e"
              "4a");
  CHECK(rig.take() == actions{"came 3 ", "came 4 a", "text a", "made 4a", "answer 2: 200 ok"});
  rig.advance(25s);
  CHECK(rig.take() == actions{"made 2"});
}
