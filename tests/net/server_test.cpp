#include "actors/runtime/one_shot.hpp"
#include "tests/net/server_rig.hpp"

using namespace atrium;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace engine = net::engine;
using test::polling;
using test::server_rig;
using test::sid_of;
using test::tcp_client;
using test::websocket_client;

namespace {

asio::awaitable<net::http_response> show(const net::request_info& request, std::string body) {
  co_return net::make_response(200, request.method + " " + request.target + " " + body);
}

net::routes pages() {
  net::routes x;
  x.pages.push_back({"/page", false, show});
  x.pages.push_back({"/below/", true, show});
  return x;
}

} // namespace

TEST_CASE("pages are found by path or by prefix, and nothing else is there") {
  server_rig rig{1, {}, pages()};
  tcp_client client{rig};
  CHECK(client.get("/page?x=1") == "200 GET /page?x=1 ");
  CHECK(client.post("/below/me", "body") == "200 POST /below/me body");
  CHECK(client.get("/page/below") == "404 Not Found");
  CHECK(client.get("/engine.io") == "404 Not Found");
  client.write("HEAD /page HTTP/1.1\r\n\r\n");
  CHECK(client.answer(false) == "200 ");
  CHECK(client.head.find("Content-Length: 11\r\n") != std::string::npos);
  CHECK(client.get("/page") == "200 GET /page ");
}

TEST_CASE("a page that throws is answered 500") {
  net::routes table;
  table.pages.push_back(
    {"/", true, [](const net::request_info&, std::string) -> asio::awaitable<net::http_response> {
       throw std::runtime_error{"as asked"};
       co_return net::http_response{};
     }});
  server_rig rig{1, {}, std::move(table)};
  CHECK(tcp_client{rig}.get("/page") == "500 Internal Server Error");
  CHECK(rig.system.at(0).errors() == 1);
}

TEST_CASE("pipelined requests are answered in order") {
  server_rig rig{1, {}, pages()};
  tcp_client client{rig};
  client.write("GET /page?1 HTTP/1.1\r\n\r\nPOST /page?2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"
               "GET /page?3 HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(client.answer() == "200 GET /page?1 ");
  CHECK(client.answer() == "200 POST /page?2 ab");
  CHECK(client.answer() == "200 GET /page?3 ");
  CHECK(client.ended());
}

TEST_CASE("what is not HTTP is refused") {
  net::http_limits limits;
  limits.header_bytes_max = 1000;
  server_rig rig{1, {}, pages(), limits};
  tcp_client garbage{rig};
  garbage.write("\x16\x03\x01 garbage\r\n\r\n");
  CHECK(garbage.answer() == "400 ");
  CHECK(garbage.ended());
  tcp_client large{rig};
  large.write("GET / HTTP/1.1\r\nx: " + std::string(2000, 'x') + "\r\n\r\n");
  CHECK(large.answer() == "431 ");
}

TEST_CASE("a connection that says nothing is ended") {
  net::http_limits limits;
  limits.header_timeout = 20ms;
  server_rig rig{1, {}, {}, limits};
  tcp_client silent{rig};
  CHECK(silent.ended());
  tcp_client slow{rig};
  slow.write("GET / HT");
  CHECK(slow.answer() == "408 ");
}

TEST_CASE("the gate is asked before everything") {
  net::routes table = pages();
  table.admit = [](const net::request_info& x) -> std::optional<net::http_response> {
    if (x.header("origin") == "http://evil")
      return net::make_response(403, "origin");
    return std::nullopt;
  };
  server_rig rig{1, {}, std::move(table)};
  tcp_client client{rig};
  CHECK(client.get("/page") == "200 GET /page ");
  client.write("GET " + polling + " HTTP/1.1\r\nOrigin: http://evil\r\n\r\n");
  CHECK(client.answer() == "403 origin");
}

TEST_CASE("a polling session works over any of its client's connections, on any worker") {
  server_rig rig{GENERATE(1u, 2u, 4u)};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  REQUIRE(sid.size() == 20);
  for (auto i = 0; i < 8; ++i) {
    tcp_client poster{rig};
    CHECK(poster.post(polling + "&sid=" + sid, "4a\x1e"
                                               "4b\x1e"
                                               "bAQID")
          == "200 ok");
    tcp_client getter{rig};
    CHECK(getter.get(polling + "&sid=" + sid)
          == "200 4a\x1e"
             "4b\x1e"
             "bAQID");
    CHECK(getter.head.find("cache-control: no-store\r\n") != std::string::npos);
  }
}

TEST_CASE("a client that leaves while its GET waits has left") {
  server_rig rig{2};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  {
    tcp_client getter{rig};
    getter.write("GET " + polling + "&sid=" + sid + " HTTP/1.1\r\n\r\n");
    // Answered behind the GET on the same connection's worker, or never, but the GET has been read.
    CHECK(tcp_client{rig}.get("/nothing") == "404 Not Found");
  }
  CHECK(rig.events.next() == "transport error: poll connection closed prematurely");
  CHECK(tcp_client{rig}.get(polling + "&sid=" + sid)
        == R"(400 {"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("a chunked POST is read whole") {
  server_rig rig;
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  client.write("POST " + polling + "&sid=" + sid
               + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n4h\r\n");
  client.write("3\r\nell\r\n1\r\no\r\n0\r\n\r\n");
  CHECK(client.answer() == "200 ok");
  CHECK(client.get(polling + "&sid=" + sid) == "200 4hello");
}

TEST_CASE("a body over the limit is refused and the session stays") {
  engine::options x;
  x.max_http_buffer_bytes = 100;
  server_rig rig{1, x};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  auto target = polling + "&sid=" + sid;
  CHECK(tcp_client{rig}.post(target, "4" + std::string(100, 'x')) == "413 ");
  tcp_client chunked{rig};
  chunked.write("POST " + target + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n"
                + std::string(0x65, '4') + "\r\n0\r\n\r\n");
  CHECK(chunked.answer() == "413 ");
  CHECK(tcp_client{rig}.post(target, "4" + std::string(99, 'x')) == "200 ok");
  CHECK(tcp_client{rig}.get(target) == "200 4" + std::string(99, 'x'));
}

TEST_CASE("a POST that is cut off closes the session") {
  server_rig rig;
  auto sid = sid_of(tcp_client{rig}.get(polling));
  {
    tcp_client client{rig};
    client.write("POST " + polling + "&sid=" + sid + " HTTP/1.1\r\nContent-Length: 9\r\n\r\n4a");
  }
  CHECK(rig.events.next() == "transport error: data request connection closed prematurely");
}

TEST_CASE("a WebSocket session echoes text and binary, and sees its client leave") {
  server_rig rig{2};
  {
    websocket_client client{rig};
    CHECK(client.read().starts_with("0{\"sid\":\""));
    client.write("4hello");
    CHECK(client.read() == "4hello");
    client.socket.binary(true);
    client.write(std::string_view{"\x00\xff\x80", 3});
    CHECK(client.read() == std::string{"\x00\xff\x80", 3});
    CHECK(client.socket.got_binary());
    for (auto size : {1u, 125u, 126u, 511u, 512u, 513u, 65'535u, 65'536u, 900'000u}) {
      client.write(std::string(size, 'x'));
      CHECK(client.read() == std::string(size, 'x'));
    }
    client.socket.close(beast::websocket::close_code::normal);
    CHECK(client.socket.reason().code == 1000);
  }
  CHECK(rig.events.next() == "transport close");
}

TEST_CASE("a WebSocket that breaks the rules is told how") {
  engine::options x;
  x.max_http_buffer_bytes = 1000;
  server_rig rig{1, x};
  websocket_client client{rig};
  client.read();
  SECTION("a message that is too large: 1009") {
    client.write("4" + std::string(1000, 'x'));
    client.read();
    CHECK(client.socket.reason().code == 1009);
    CHECK(client.socket.reason().reason.empty());
  }
  SECTION("text that is not UTF-8: 1007") {
    client.write("4\xff");
    client.read();
    CHECK(client.socket.reason().code == 1007);
  }
  CHECK(rig.events.next().starts_with("transport error: "));
}

TEST_CASE(
  "a session that its program closes ends with an empty close frame behind its last words") {
  server_rig rig;
  websocket_client client{rig};
  client.read();
  client.write("4last");
  client.write("4close");
  CHECK(client.read() == "4last");
  client.read();
  CHECK(client.socket.reason().code == beast::websocket::close_code::none);
  CHECK(rig.events.next() == "forced close");
}

TEST_CASE("a program that throws loses that session only") {
  server_rig rig;
  websocket_client other{rig};
  other.read();
  websocket_client client{rig};
  client.read();
  client.write("4throw");
  CHECK(rig.events.next() == "forced close");
  other.write("4still here");
  CHECK(other.read() == "4still here");
  CHECK(rig.system.at(0).errors() == 1);
}

TEST_CASE("a WebSocket is not read while its program does not listen") {
  server_rig rig;
  websocket_client client{rig};
  client.read();
  client.write("4pause");
  CHECK(rig.events.next() == "paused");
  client.write("4while paused");
  rig.wake();
  CHECK(rig.events.next() == "resumed");
  CHECK(client.read() == "4while paused");
}

TEST_CASE("a session that is closed while it does not listen ends") {
  server_rig rig;
  websocket_client client{rig};
  client.read();
  client.write("4pause");
  CHECK(rig.events.next() == "paused");
  auto closed = std::async(std::launch::async, [&] { return rig.close(); });
  CHECK(client.read().starts_with("error"));
  CHECK(rig.events.next() == "server shutting down");
  CHECK(closed.get());
}

TEST_CASE("an upgrade keeps the session") {
  server_rig rig{2};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  websocket_client client{rig, "&sid=" + sid};
  client.write("2probe");
  CHECK(client.read() == "3probe");
  tcp_client getter{rig};
  CHECK(getter.get(polling + "&sid=" + sid) == "200 6");
  client.write("5");
  CHECK(rig.events.next() == "upgraded");
  client.write("4over here");
  CHECK(client.read() == "4over here");
  CHECK(getter.get(polling + "&sid=" + sid) == R"(400 {"code":3,"message":"Bad request"})");
  websocket_client second{rig, "&sid=" + sid};
  CHECK(second.read().starts_with("error"));
  client.write("4undisturbed");
  CHECK(client.read() == "4undisturbed");
}

TEST_CASE("a refused WebSocket gets a plain answer and the connection ends") {
  server_rig rig;
  tcp_client client{rig};
  client.write("GET /engine.io/?EIO=3&transport=websocket HTTP/1.1\r\nConnection: Upgrade\r\n"
               "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK(client.answer() == "400 Unsupported protocol version");
  CHECK(client.head.find("Connection: close\r\n") != std::string::npos);
  CHECK(client.head.find("text/html") != std::string::npos);
  CHECK(client.ended());
}

TEST_CASE("allow_request and generate_id are asked at the handshake") {
  engine::options x;
  x.allow_request = [](const net::request_info& r) -> asio::awaitable<engine::admission> {
    co_return engine::admission{r.query.find("token") == "ok", "no token"};
  };
  x.generate_id
    = [](const net::request_info&) -> asio::awaitable<std::string> { co_return "mine"; };
  server_rig rig{1, x};
  tcp_client client{rig};
  CHECK(client.get(polling) == R"(403 {"code":4,"message":"no token"})");
  CHECK(client.get(polling + "&token=ok").find(R"("sid":"mine")") != std::string::npos);
  CHECK(client.get(polling + "&token=ok") == R"(400 {"code":3,"message":"Bad request"})");
}

TEST_CASE("what is asked for while the program thinks opens no session of a server that stops") {
  runtime::one_shot<bool> verdict;
  test::event_log asked;
  engine::options x;
  x.allow_request = [&](const net::request_info&) -> asio::awaitable<engine::admission> {
    asked.add("asked");
    engine::admission out;
    out.allowed = co_await verdict.wait();
    co_return out;
  };
  server_rig rig{1, x};
  tcp_client client{rig};
  client.write("GET " + polling + " HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(asked.next() == "asked");
  rig.server.stop_accepting();
  rig.system.post(0, [verdict] { verdict.set(true); });
  CHECK(client.answer() == "503 ");
  CHECK(rig.server.sessions() == 0);
  CHECK(client.ended());
}

TEST_CASE("a reader that does not read is closed at the limit") {
  engine::options x;
  x.outbox.bytes_max = 1 << 20;
  server_rig rig{1, x};
  websocket_client slow{rig};
  slow.read();
  slow.write("4flood");
  CHECK(rig.events.next() == "transport error: outbox limit exceeded");
  websocket_client other{rig};
  CHECK(other.read().starts_with("0"));
}

TEST_CASE("an unhandled upgrade ends without a word") {
  engine::options x;
  x.destroy_upgrade_timeout = 10ms;
  server_rig rig{1, x};
  tcp_client client{rig};
  client.write("GET /elsewhere HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  CHECK(client.ended());
}

TEST_CASE("closing the server ends everything that is open") {
  server_rig rig{2};
  tcp_client idle{rig};
  REQUIRE(sid_of(idle.get(polling)).size() == 20);
  websocket_client client{rig};
  client.read();
  auto closed = std::async(std::launch::async, [&] { return rig.close(); });
  CHECK(client.read().starts_with("error"));
  CHECK(idle.ended());
  CHECK(closed.get());
  CHECK(rig.events.next() == "server shutting down");
  CHECK(rig.events.next() == "server shutting down");
}
