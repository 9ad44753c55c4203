#include "tests/net/server_rig.hpp"

using namespace atrium;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace engine = net::engine;
using test::event_log;
using test::polling;
using test::server_rig;
using test::sid_of;
using test::tcp_client;
using test::websocket_client;

namespace {

frame_ptr hello() {
  return engine::text_frame("4hello");
}

/// Every byte there is, as one binary message.
std::string all_bytes() {
  std::string out;
  for (auto i = 0; i < 256; ++i)
    out.push_back(static_cast<char>(i));
  return out;
}

} // namespace

TEST_CASE("what is sent as a session opens comes behind its open packet") {
  server_rig rig{1, {}, {}, {}, [](engine::session& s) { s.put(hello()); }};
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  CHECK(client.get(polling + "&sid=" + sid) == "200 4hello");
  websocket_client socket{rig};
  CHECK(socket.read().starts_with("0{"));
  CHECK(socket.read() == "4hello");
}

TEST_CASE("a session may be closed as it opens") {
  server_rig rig{1, {}, {}, {}, [](engine::session& s) {
                   s.close(actors::close_reason::forced_close, actors::close_mode::flush);
                 }};
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  CHECK(client.get(polling + "&sid=" + sid)
        == "200 6\x1e"
           "1");
  CHECK(client.get(polling + "&sid=" + sid).starts_with("400"));
  CHECK(rig.events.next() == "forced close");
  websocket_client socket{rig};
  CHECK(socket.read().starts_with("0{"));
  socket.read();
  CHECK(socket.socket.reason().code == beast::websocket::close_code::none);
  CHECK(rig.events.next() == "forced close");
}

TEST_CASE("a session knows the request that it was opened with, over both transports") {
  event_log seen;
  server_rig rig{2, {}, {}, {}, [&seen](engine::session& s) {
                   auto& x = s.request();
                   seen.add(x.remote_address.to_string() + " " + std::string{x.header("x-a")} + " "
                            + std::string{x.parameter("token")} + " "
                            + std::string{s.transport_name()});
                 }};
  tcp_client client{rig};
  client.write("GET " + polling + "&token=a%20b HTTP/1.1\r\nX-A: mine\r\n\r\n");
  CHECK(sid_of(client.answer()).size() == 20);
  CHECK(seen.next() == "127.0.0.1 mine a b polling");
  tcp_client upgrading{rig};
  upgrading.write(
    "GET /engine.io/?EIO=4&transport=websocket&token=c HTTP/1.1\r\nX-A: too\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK(upgrading.answer() == "101 ");
  CHECK(seen.next() == "127.0.0.1 too c websocket");
}

TEST_CASE("an endpoint without its trailing slash is found with and without it") {
  engine::options x;
  x.add_trailing_slash = false;
  server_rig rig{1, x};
  CHECK(sid_of(tcp_client{rig}.get("/engine.io?EIO=4&transport=polling")).size() == 20);
  CHECK(sid_of(tcp_client{rig}.get(polling)).size() == 20);
}

TEST_CASE("the open packet says what was configured") {
  engine::options x;
  x.ping_interval = 123ms;
  x.ping_timeout = 456ms;
  x.max_http_buffer_bytes = 789;
  server_rig rig{1, x};
  const std::string wanted = R"("pingInterval":123,"pingTimeout":456,"maxPayload":789})";
  CHECK(tcp_client{rig}.get(polling).ends_with(wanted));
  CHECK(websocket_client{rig}.read().ends_with(wanted));
}

TEST_CASE("every byte and every letter comes back as it went, over both transports") {
  server_rig rig;
  const std::string letters = "4caf\xc3\xa9 \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x98\x80";
  websocket_client socket{rig};
  socket.read();
  socket.write(letters);
  CHECK(socket.read() == letters);
  socket.socket.binary(true);
  socket.write(all_bytes());
  CHECK(socket.read() == all_bytes());
  tcp_client client{rig};
  auto target = polling + "&sid=" + sid_of(client.get(polling));
  CHECK(client.post(target, letters) == "200 ok");
  CHECK(client.get(target) == "200 " + letters);
  std::string base64 = "b";
  base64.append(engine::encode_payload({}, std::vector<frame_ptr>{[] {
                                         auto x = std::make_shared<frame>();
                                         x->head = make_frame_part(all_bytes(), true);
                                         return x;
                                       }()})
                  .body.substr(1));
  CHECK(client.post(target, base64) == "200 ok");
  CHECK(client.get(target) == "200 " + base64);
}

TEST_CASE("a long body may come in many pieces") {
  engine::options x;
  x.max_http_buffer_bytes = 1 << 20;
  server_rig rig{2, x};
  tcp_client client{rig};
  auto target = polling + "&sid=" + sid_of(client.get(polling));
  std::string body = "4" + std::string((1 << 20) - 1, 'x');
  client.write("POST " + target + " HTTP/1.1\r\nContent-Length: " + std::to_string(body.size())
               + "\r\n\r\n");
  constexpr std::size_t piece = 9'973;
  for (std::size_t at = 0; at < body.size(); at += piece)
    client.write(std::string_view{body}.substr(at, piece));
  CHECK(client.answer() == "200 ok");
  CHECK(client.head.find("cache-control: no-store\r\n") != std::string::npos);
  CHECK(client.get(target) == "200 " + body);
}

TEST_CASE("a poll that closes its connection costs nothing but that") {
  server_rig rig{2};
  auto target = polling + "&sid=" + sid_of(tcp_client{rig}.get(polling));
  for (auto i = 0; i < 3; ++i) {
    CHECK(tcp_client{rig}.post(target, "4a") == "200 ok");
    tcp_client client{rig};
    client.write("GET " + target + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    CHECK(client.answer() == "200 4a");
    CHECK(client.ended());
  }
}

TEST_CASE("the hooks for headers see the 101 of a WebSocket, and the cookie of a polling session") {
  engine::options x;
  x.cookie.emplace();
  x.initial_headers = [](net::header_list& headers, const net::request_info&) {
    headers.emplace_back("X-First", "1");
  };
  x.headers = [](net::header_list& headers, const net::request_info&) {
    headers.emplace_back("Set-Cookie", "mine=1");
  };
  server_rig rig{1, x};
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  CHECK(client.head.find("Set-Cookie: io=" + sid + "; Path=/; HttpOnly; SameSite=Lax\r\n"
                         + "X-First: 1\r\nSet-Cookie: mine=1\r\n")
        != std::string::npos);
  CHECK(client.post(polling + "&sid=" + sid, "3") == "200 ok");
  CHECK(client.head.find("X-First") == std::string::npos);
  CHECK(client.head.find("Set-Cookie: mine=1\r\n") != std::string::npos);
  auto upgrade_head = [&](const std::string& more) {
    tcp_client upgrading{rig};
    upgrading.write("GET /engine.io/?EIO=4&transport=websocket" + more
                    + " HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\n"
                      "Sec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    CHECK(upgrading.answer() == "101 ");
    return upgrading.head;
  };
  auto fresh = upgrade_head({});
  CHECK(fresh.find("X-First: 1\r\n") != std::string::npos);
  CHECK(fresh.find("Set-Cookie: mine=1\r\n") != std::string::npos);
  CHECK(fresh.find("io=") == std::string::npos);
  CHECK(upgrade_head("&sid=" + sid).find("X-First") == std::string::npos);
}

TEST_CASE("allow_request may refuse a WebSocket with words of its own") {
  engine::options x;
  x.allow_request = [](const net::request_info&) -> asio::awaitable<engine::admission> {
    co_return engine::admission{false, "not today"};
  };
  server_rig rig{1, x};
  tcp_client client{rig};
  client.write("GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nConnection: Upgrade\r\n"
               "Upgrade: websocket\r\nHost: a\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK(client.answer() == "400 not today");
  CHECK(client.ended());
}

TEST_CASE("closing the server ends sessions that upgrade or have upgraded") {
  server_rig rig{2};
  auto upgrading = [&](bool done) {
    auto sid = sid_of(tcp_client{rig}.get(polling));
    auto out = std::make_unique<websocket_client>(rig, "&sid=" + sid);
    out->write("2probe");
    CHECK(out->read() == "3probe");
    if (done)
      out->write("5");
    if (done)
      CHECK(rig.events.next() == "upgraded");
    return out;
  };
  auto halfway = upgrading(false);
  auto there = upgrading(true);
  auto closed = std::async(std::launch::async, [&] { return rig.close(); });
  CHECK(halfway->read().starts_with("error"));
  CHECK(there->read().starts_with("error"));
  CHECK(closed.get());
  for (auto i = 0; i < 2; ++i)
    CHECK(rig.events.next() == "server shutting down");
}

TEST_CASE("garbage instead of frames costs a session, or only its upgrade") {
  server_rig rig;
  const std::string garbage(32, '\xff');
  websocket_client fresh{rig};
  fresh.read();
  fresh.tcp.write(garbage);
  CHECK(rig.events.next().substr(0, 16) == "transport error:");
  tcp_client client{rig};
  auto target = polling + "&sid=" + sid_of(client.get(polling));
  websocket_client probing{rig, target.substr(target.find("&sid"))};
  probing.tcp.write(garbage);
  probing.read();
  CHECK(client.post(target, "4still here") == "200 ok");
  CHECK(client.get(target) == "200 4still here");
}
