// Sockets and links that end in the middle of what they do.
#include "tests/api/api_fixture.hpp"

#include <stdexcept>

using namespace atrium;
using test::lines;

namespace {

struct fixture : test::api_fixture {
  fixture() : api_fixture{few_newcomers()} {
    io.on_connection([this](const api::socket& x) {
      sockets.push_back(x);
      x.on_disconnect([this](std::string_view reason, std::string_view description) {
        ends.push_back(std::string{reason} + ": " + std::string{description});
      });
    });
  }

  ~fixture() {
    // Before what their handlers write to.
    for (auto& x : clients)
      if (x.handler)
        x.gone(actors::close_reason::transport_close);
  }

  static api::server_options few_newcomers() {
    api::server_options result;
    result.handshakes_per_address_max = 1;
    return result;
  }

  /// Ends the link of `x` as soon as it has been sent so many parts, as a full outbox does.
  static void overflow_at(client& x, std::size_t parts) {
    x.link.on_put = [&x, parts] {
      if (x.link.sent.size() != parts)
        return;
      x.link.closed = "transport error";
      x.handler->on_close(actors::close_reason::transport_error, "outbox limit exceeded");
    };
  }

  std::vector<api::socket> sockets;
  lines ends;
};

} // namespace

TEST_CASE_METHOD(fixture, "a link that ends while it gets what waited for the lane gets no more") {
  auto& x = connect();
  sockets[0].on("go", [this](const api::event&) {
    sockets[0].broadcast().emit("for the others");
    for (auto i = 0; i < 4; ++i)
      sockets[0].emit("held", i);
  });
  overflow_at(x, 2);
  on(x, R"(2["go"])");
  CHECK(x.link.sent == lines{R"(42["held",0])", R"(42["held",1])"});
  CHECK(ends == lines{"transport error: outbox limit exceeded"});
}

TEST_CASE_METHOD(fixture, "a link that ends with the CONNECT reply was never connected") {
  auto& x = open();
  overflow_at(x, 1);
  on(x, "0");
  CHECK(x.link.sent.size() == 1);
  CHECK(sockets.empty());
}

TEST_CASE_METHOD(fixture, "an outgoing listener may end a socket that nobody else keeps") {
  auto& x = connect();
  sockets[0].on_any_outgoing([this](const api::event&) {
    auto last = std::exchange(sockets, {}).front();
    last.disconnect();
  });
  io.emit("not for who leaves");
  run();
  CHECK(x.link.sent == lines{"41"});
  CHECK(ends == lines{"server namespace disconnect: "});
}

TEST_CASE_METHOD(fixture, "a middleware that a middleware adds sees the next event first") {
  auto& x = connect();
  auto& s = sockets[0];
  auto seen = 0;
  s.use([&s, &seen](const api::event& e) -> std::optional<std::string> {
    for (auto i = 0; e.name() == "add" && i < 16; ++i)
      s.use([&seen](const api::event&) -> std::optional<std::string> {
        ++seen;
        return std::nullopt;
      });
    CHECK(seen == 0); // also reads what this has captured, once the others are there
    return std::nullopt;
  });
  on(x, R"(2["add"])");
  CHECK(seen == 0);
  on(x, R"(2["next"])");
  CHECK(seen == 16);
}

TEST_CASE_METHOD(fixture, "a session whose opening threw makes room for the next of its address") {
  auto fails = true;
  io.engine().on_connection([&fails](net::engine::session&) {
    if (fails)
      throw std::runtime_error{"not today"};
  });
  auto accept = io.route().accept;
  test::fake_session first{runtime.at(0)};
  CHECK_THROWS_AS(accept(first), std::runtime_error);
  fails = false;
  CHECK(open().handler);
  CHECK_FALSE(open().handler);
}
