// What is counted moves its metric.
#include "tests/api/api_fixture.hpp"

using namespace atrium;
using namespace std::chrono_literals;
using test::api_fixture;
namespace asio = boost::asio;

namespace {

struct fixture : api_fixture {
  static api::server_options options() {
    api::server_options result;
    result.handshakes_per_address_max = 3;
    result.unclaimed_sessions_max = 4;
    result.acks_waiting_max = 1;
    return result;
  }

  fixture() : api_fixture{options()} {
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "sockets, rooms and events are counted") {
  io.of("/other");
  io.on_connection([](const api::socket& s) { s.join("a room"); });
  auto& first = connect();
  connect();
  on(first, R"(2["hello"])");
  CHECK(metric("atrium_namespaces") == "2");
  CHECK(metric("atrium_sockets") == "2");
  CHECK(metric("atrium_rooms") == "1");
  CHECK(metric("atrium_socket_joins_total") == "2");
  CHECK(metric("atrium_events_received_total") == "1");
  on(first, "1");
  CHECK(metric("atrium_sockets") == "1");
  clients.back().gone(actors::close_reason::transport_close);
  CHECK(metric("atrium_sockets") == "0");
  CHECK(metric("atrium_rooms") == "0");
}

TEST_CASE_METHOD(fixture, "what is refused is counted") {
  auto& first = open();
  on(first, "0/nowhere,");
  CHECK(metric("atrium_socket_joins_refused_total") == "1");
  on(first, "nonsense");
  CHECK(metric("atrium_malformed_packets_total") == "1");
}

TEST_CASE_METHOD(fixture,
                 "acknowledgements are counted while they are owed, and if they never come") {
  std::optional<api::socket> s;
  io.on_connection([&](const api::socket& x) { s = x; });
  connect();
  auto ask = [&](std::optional<std::chrono::milliseconds> timeout) -> asio::awaitable<void> {
    if (timeout)
      co_await s->timeout(*timeout).emit_with_ack("question");
    else
      co_await s->emit_with_ack("question");
  };
  start(ask(100ms));
  start(ask(100ms));
  CHECK(metric("atrium_acks_waiting") == "1");
  CHECK(metric("atrium_acks_refused_total") == "1");
  advance(200ms);
  CHECK(metric("atrium_acks_waiting") == "0");
  CHECK(metric("atrium_acks_timed_out_total") == "1");
  start(ask(std::nullopt));
  CHECK(metric("atrium_acks_waiting") == "1");
  clients.front().gone(actors::close_reason::transport_close);
  CHECK(metric("atrium_acks_waiting") == "0");
  CHECK(metric("atrium_acks_timed_out_total") == "1");
}

TEST_CASE_METHOD(fixture, "sessions that joined nothing have a limit for each address and in all") {
  for (auto i = 0; i < 3; ++i)
    CHECK(open().handler);
  CHECK_FALSE(open().handler);
  CHECK(metric("atrium_sessions_refused_total{limit=\"handshakes_per_address\"}") == "1");
  for (auto address : {"10.0.0.1", "10.0.0.2"}) {
    auto& x = clients.emplace_back(runtime.at(0));
    x.link.from(address);
    x.handler = io.route().accept(x.link);
    CHECK(bool(x.handler) == (std::string{address} == "10.0.0.1"));
  }
  CHECK(metric("atrium_sessions_refused_total{limit=\"unclaimed_sessions\"}") == "1");
  on(clients.front(), "0");
  CHECK(open().handler);
}
