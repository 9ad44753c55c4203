#include "actors/runtime/sleep.hpp"
#include "tests/net/server_rig.hpp"

#include <atomic>

using namespace atrium;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace engine = net::engine;
using test::polling;
using test::server_rig;
using test::sid_of;
using test::tcp_client;
using test::websocket_client;

namespace {

const std::string bad_request = R"(400 {"code":3,"message":"Bad request"})";

using outcome = std::optional<net::http_response>;

engine::middleware adds(std::string name) {
  return [name](const net::request_info&, net::header_list& headers) -> asio::awaitable<outcome> {
    headers.emplace_back("X-Seen", name);
    co_return std::nullopt;
  };
}

/// Holds up requests with `slow` until the test lets them go.
engine::middleware waits_for(const std::atomic<bool>& go) {
  return [&go](const net::request_info& r, net::header_list&) -> asio::awaitable<outcome> {
    while (r.query.find("slow") && ! go)
      co_await runtime::sleep(1ms);
    co_return std::nullopt;
  };
}

asio::awaitable<outcome> unavailable(const net::request_info&, net::header_list&) {
  co_return net::make_response(503, "later");
}

asio::awaitable<outcome> fails(const net::request_info&, net::header_list&) {
  throw std::runtime_error{"as asked"};
  co_return std::nullopt;
}

const std::string upgrade_head = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                                 "Connection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\n"
                                 "Sec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// The errors that a server was told of.
struct error_list {
  void listen(engine::options& x) {
    x.on_connection_error = [this](const engine::connection_error& e) {
      events.add(std::to_string(e.code) + " " + std::string{e.message} + ": "
                 + std::string{e.context} + " " + e.request.method);
    };
  }
  test::event_log events;
};

} // namespace

TEST_CASE("middlewares are asked in order and add headers to every answer") {
  engine::options x;
  x.middlewares = {adds("1"), adds("2")};
  server_rig rig{2, x};
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  REQUIRE(sid.size() == 20);
  const std::string both = "X-Seen: 1\r\nX-Seen: 2\r\n";
  CHECK(client.head.find(both) != std::string::npos);
  CHECK(client.post(polling + "&sid=" + sid, "4a") == "200 ok");
  CHECK(client.head.find(both) != std::string::npos);
  CHECK(client.get(polling + "&sid=unknown").starts_with("400"));
  CHECK(client.head.find(both) != std::string::npos);
  tcp_client upgrading{rig};
  upgrading.write(upgrade_head);
  CHECK(upgrading.answer() == "101 ");
  CHECK(upgrading.head.find(both) != std::string::npos);
}

TEST_CASE("a middleware may end a request") {
  engine::options x;
  x.middlewares = {unavailable, fails};
  server_rig rig{1, x};
  CHECK(tcp_client{rig}.get(polling) == "503 later");
  tcp_client upgrading{rig};
  upgrading.write(upgrade_head);
  CHECK(upgrading.answer() == "503 later");
  CHECK(upgrading.ended());
  CHECK(rig.server.sessions() == 0);
}

TEST_CASE("a middleware that fails refuses the request") {
  error_list errors;
  engine::options x;
  x.middlewares = {adds("1"), fails};
  errors.listen(x);
  server_rig rig{1, x};
  CHECK(tcp_client{rig}.get(polling) == bad_request);
  CHECK(errors.events.next() == "3 Bad request: MIDDLEWARE_FAILURE GET");
  tcp_client upgrading{rig};
  upgrading.write(upgrade_head);
  CHECK(upgrading.answer() == "400 Bad request");
  CHECK(upgrading.head.find("X-Seen") == std::string::npos);
}

TEST_CASE("a middleware that waits keeps only its own request waiting") {
  engine::options x;
  std::atomic<bool> go{false};
  x.middlewares = {waits_for(go)};
  server_rig rig{1, x};
  tcp_client slow{rig};
  slow.write("GET " + polling + "&slow=1 HTTP/1.1\r\n\r\n");
  CHECK(sid_of(tcp_client{rig}.get(polling)).size() == 20);
  go = true;
  CHECK(sid_of(slow.answer()).size() == 20);
}

TEST_CASE("a session that ends while a middleware looks at its request is unknown behind it") {
  engine::options x;
  x.ping_interval = 20ms;
  x.ping_timeout = 20ms;
  std::atomic<bool> go{false};
  x.middlewares = {waits_for(go)};
  server_rig rig{1, x};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  tcp_client slow{rig};
  slow.write("GET " + polling + "&slow=1&sid=" + sid + " HTTP/1.1\r\n\r\n");
  CHECK(rig.events.next() == "ping timeout");
  go = true;
  CHECK(slow.answer() == R"(400 {"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("a body that is too large is refused behind a middleware too") {
  engine::options x;
  x.middlewares = {adds("1")};
  x.max_http_buffer_bytes = 5;
  server_rig rig{1, x};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  CHECK(tcp_client{rig}.post(polling + "&sid=" + sid, "4too long") == "413 ");
}

TEST_CASE("the answers to pages of other origins are marked, whatever they are") {
  engine::options x;
  x.cors.emplace().origin = "http://a";
  x.cors->credentials = true;
  x.middlewares = {adds("1")};
  server_rig rig{1, x};
  const std::string allowed = "Access-Control-Allow-Origin: http://a\r\nVary: Origin\r\n"
                              "Access-Control-Allow-Credentials: true\r\n";
  tcp_client client{rig};
  client.get(polling);
  CHECK(client.head.find(allowed) != std::string::npos);
  client.get(polling + "&sid=unknown");
  CHECK(client.head.find(allowed) != std::string::npos);
  tcp_client upgrading{rig};
  upgrading.write(upgrade_head);
  CHECK(upgrading.answer() == "101 ");
  CHECK(upgrading.head.find(allowed) != std::string::npos);
  client.write("OPTIONS " + polling
               + " HTTP/1.1\r\nAccess-Control-Request-Headers: x-a\r\nOrigin: http://a\r\n\r\n");
  CHECK(client.answer() == "204 ");
  CHECK(client.head.find("Access-Control-Allow-Headers: x-a\r\n") != std::string::npos);
  CHECK(client.head.find("X-Seen") == std::string::npos);
}

TEST_CASE("a program is told why a request was refused") {
  error_list errors;
  engine::options x;
  errors.listen(x);
  x.allow_request = [](const net::request_info& r) -> asio::awaitable<engine::admission> {
    co_return engine::admission{! r.query.find("deny"), {}};
  };
  x.generate_id = [](const net::request_info& r) -> asio::awaitable<std::string> {
    if (r.query.find("no_id"))
      throw std::runtime_error{"as asked"};
    co_return "SID" + r.target.substr(r.target.size() - 1);
  };
  server_rig rig{1, x};
  auto refused = [&](const std::string& target, std::string_view method = "GET") {
    tcp_client client{rig};
    client.write(std::string{method} + " " + target + " HTTP/1.1\r\n\r\n");
    CHECK(client.answer()[0] == '4');
    return errors.events.next();
  };
  CHECK(refused("/engine.io/?EIO=4&transport=constructor")
        == "0 Transport unknown: constructor GET");
  CHECK(refused(polling + "&sid=x") == "1 Session ID unknown: x GET");
  CHECK(refused(polling, "POST") == "2 Bad handshake method: POST POST");
  CHECK(refused("/engine.io/?EIO=4&transport=websocket")
        == "3 Bad request: TRANSPORT_HANDSHAKE_ERROR GET");
  CHECK(refused(polling + "&deny=1") == "4 Forbidden:  GET");
  CHECK(refused("/engine.io/?EIO=3&transport=polling") == "5 Unsupported protocol version:  GET");
  CHECK(refused(polling + "&no_id=1") == "3 Bad request: ID_GENERATION_ERROR GET");
  tcp_client upgrading{rig};
  upgrading.write(upgrade_head.substr(0, upgrade_head.find(" HTTP")) + "&no_id=1"
                  + upgrade_head.substr(upgrade_head.find(" HTTP")));
  CHECK(upgrading.answer() == "400 Bad request");
  CHECK(errors.events.next() == "3 Bad request: ID_GENERATION_ERROR GET");
  CHECK(tcp_client{rig}.get(polling + "&id=7").find(R"("sid":"SID7")") != std::string::npos);
}
