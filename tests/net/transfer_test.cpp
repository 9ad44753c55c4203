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

namespace {

/// Asks for what waits for a session, taking these encodings. @returns the headers.
std::string head_of_poll(const server_rig& rig, const std::string& sid, std::string_view accept) {
  tcp_client client{rig};
  client.write("GET " + polling + "&sid=" + sid
               + " HTTP/1.1\r\nAccept-Encoding: " + std::string{accept} + "\r\n\r\n");
  client.answer();
  return client.head;
}

/// A WebSocket client that offers compression.
class deflating_client {
public:
  explicit deflating_client(const server_rig& rig, bool no_takeover = false) : tcp{rig} {
    beast::websocket::permessage_deflate offer;
    offer.client_enable = true;
    offer.server_no_context_takeover = no_takeover;
    socket.set_option(offer);
    socket.handshake(response, "localhost", "/engine.io/?EIO=4&transport=websocket");
  }

  std::string read() {
    beast::flat_buffer buffer;
    beast::error_code ec;
    socket.read(buffer, ec);
    return ec ? "error: " + ec.message() : beast::buffers_to_string(buffer.data());
  }

  tcp_client tcp;
  beast::websocket::stream<asio::ip::tcp::socket&> socket{tcp.socket};
  beast::websocket::response_type response;
};

/// Keeps a worker from everything else for as long as this lives.
class busy_worker {
public:
  busy_worker(runtime::system& system, std::size_t worker) {
    std::promise<void> begun;
    system.post(worker, [&begun, end = end_.get_future().share()] {
      begun.set_value();
      end.wait();
    });
    begun.get_future().wait();
  }
  busy_worker(const busy_worker&) = delete;
  busy_worker& operator=(const busy_worker&) = delete;
  ~busy_worker() {
    end_.set_value();
  }

private:
  std::promise<void> end_;
};

/// What the header of a WebSocket frame says.
struct raw_frame {
  unsigned char first = 0;
  std::size_t bytes = 0;
};

/// A WebSocket client that looks at the frames themselves.
class raw_client {
public:
  raw_client(const server_rig& rig, std::string_view extensions) : tcp{rig} {
    tcp.write(
      "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
      "Connection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: "
      + std::string{extensions} + "\r\n\r\n");
    boost::system::error_code ec;
    auto n = asio::read_until(tcp.socket, asio::dynamic_buffer(buffer), "\r\n\r\n", ec);
    head = buffer.substr(0, n);
    buffer.erase(0, n);
  }

  /// Sends a short text, masked with zeros.
  void write(std::string_view text) {
    std::string frame{"\x81"};
    frame.push_back(static_cast<char>(0x80 | text.size()));
    frame.append(4, '\0').append(text);
    tcp.write(frame);
  }

  raw_frame next() {
    take(2);
    raw_frame out{static_cast<unsigned char>(buffer[0]), static_cast<unsigned char>(buffer[1])};
    buffer.erase(0, 2);
    if (out.bytes == 126) {
      take(2);
      out.bytes
        = static_cast<unsigned char>(buffer[0]) * 256u + static_cast<unsigned char>(buffer[1]);
      buffer.erase(0, 2);
    }
    take(out.bytes);
    buffer.erase(0, out.bytes);
    return out;
  }

  tcp_client tcp;
  std::string head;

private:
  void take(std::size_t n) {
    if (buffer.size() < n)
      asio::read(tcp.socket, asio::dynamic_buffer(buffer),
                 asio::transfer_exactly(n - buffer.size()));
  }

  std::string buffer;
};

engine::options deflating() {
  engine::options x;
  x.per_message_deflate.emplace();
  return x;
}

} // namespace

TEST_CASE("long answers are compressed as their client likes it, short ones are not") {
  server_rig rig{2};
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  auto waits = [&](std::size_t bytes) {
    CHECK(client.post(polling + "&sid=" + sid, "4" + std::string(bytes, 'x')) == "200 ok");
  };
  waits(1023);
  auto head = head_of_poll(rig, sid, "gzip, deflate");
  CHECK(head.find("Content-Encoding: gzip\r\n") != std::string::npos);
  waits(1022);
  CHECK(head_of_poll(rig, sid, "gzip, deflate").find("Content-Encoding") == std::string::npos);
  waits(2000);
  CHECK(head_of_poll(rig, sid, "deflate").find("Content-Encoding: deflate\r\n")
        != std::string::npos);
  waits(2000);
  CHECK(head_of_poll(rig, sid, "br").find("Content-Encoding") == std::string::npos);
}

TEST_CASE("nothing is compressed when that is off, or when no packet may be") {
  engine::options x;
  SECTION("off") {
    x.http_compression_threshold_bytes.reset();
  }
  SECTION("no packet") {
    x.http_compression_threshold_bytes = 0;
  }
  server_rig rig{1, x};
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  client.post(polling + "&sid=" + sid, "4plain" + std::string(2000, 'x'));
  CHECK(head_of_poll(rig, sid, "gzip").find("Content-Encoding") == std::string::npos);
}

TEST_CASE("compression of WebSocket messages is agreed on only when it was configured") {
  auto on = GENERATE(true, false);
  server_rig rig{1, on ? deflating() : engine::options{}};
  deflating_client client{rig};
  CHECK((client.response.count("Sec-WebSocket-Extensions") == 1) == on);
  CHECK(client.read().starts_with("0{"));
  for (auto size : {0u, 1u, 5'000u, 200'000u}) {
    client.socket.write(asio::buffer("4" + std::string(size, 'x')));
    CHECK(client.read() == "4" + std::string(size, 'x'));
  }
  client.socket.binary(true);
  client.socket.write(asio::buffer(std::string(3000, '\x88')));
  CHECK(client.read() == std::string(3000, '\x88'));
  CHECK(client.socket.got_binary());
  client.socket.close(beast::websocket::close_code::normal);
  CHECK(rig.events.next() == "transport close");
}

TEST_CASE("a client that does not offer compression gets none") {
  server_rig rig{1, deflating()};
  test::websocket_client client{rig};
  CHECK(client.read().starts_with("0{"));
  client.write("4hello");
  CHECK(client.read() == "4hello");
}

TEST_CASE("the threshold counts only without context takeover") {
  constexpr auto compressed = 0xc1;
  constexpr auto plain = 0x81;
  server_rig rig{1, deflating()};
  SECTION("with it everything is compressed") {
    raw_client client{rig, "permessage-deflate"};
    CHECK(client.head.find("permessage-deflate") != std::string::npos);
    CHECK(client.next().first == compressed);
    client.write("4short");
    CHECK(client.next().first == compressed);
  }
  SECTION("without it what is long") {
    raw_client client{rig, "permessage-deflate; server_no_context_takeover"};
    CHECK(client.next().first == plain);
    client.write("4short");
    CHECK(client.next().first == plain);
    client.write("4long");
    CHECK(client.next().first == compressed);
  }
}

TEST_CASE("a packet that shall not be compressed is not") {
  server_rig rig{1, deflating()};
  raw_client client{rig, "permessage-deflate"};
  client.next();
  client.write("4plain");
  CHECK(client.next().first == 0x81);
}

TEST_CASE("a message that is too large once it is decompressed closes with 1009") {
  auto x = deflating();
  x.max_http_buffer_bytes = 1000;
  server_rig rig{1, x};
  deflating_client client{rig};
  client.read();
  client.socket.write(asio::buffer("4" + std::string(1000, 'x')));
  client.read();
  CHECK(client.socket.reason().code == 1009);
  CHECK(rig.events.next().starts_with("transport error: "));
}

TEST_CASE("the open packet of an old client comes behind the 101, not with it") {
  engine::options x;
  x.allow_eio3 = true;
  server_rig rig{1, x};
  tcp_client client{rig};
  client.write("GET /engine.io/?EIO=3&transport=websocket HTTP/1.1\r\nConnection: Upgrade\r\n"
               "Upgrade: websocket\r\nHost: a\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  std::string bytes(4096, '\0');
  bytes.resize(client.socket.read_some(asio::buffer(bytes)));
  CHECK(bytes.starts_with("HTTP/1.1 101"));
  CHECK(bytes.ends_with("\r\n\r\n"));
  bytes.resize(4096);
  bytes.resize(client.socket.read_some(asio::buffer(bytes)));
  CHECK(bytes.find("0{\"sid\"") != std::string::npos);
}

TEST_CASE("a client that polls by scripts is served so") {
  server_rig rig{2};
  const auto script = polling + "&j=5x";
  tcp_client client{rig};
  auto open = client.get(script);
  CHECK(open.starts_with(R"(200 ___eio[5]("0{\"sid\":\")"));
  auto sid = open.substr(open.find("sid") + 8, 20);
  auto target = script + "&sid=" + sid;
  CHECK(client.head.find("text/plain; charset=UTF-8") != std::string::npos);
  CHECK(client.post(target, "d=4hello%5C%5Cn") == "200 ok");
  CHECK(client.get(target) == R"(200 ___eio[5]("4hello\\n");)");
}

TEST_CASE("of two polls the one that came first is told of the close, whichever is read first") {
  server_rig rig{2};
  auto other = std::make_unique<busy_worker>(rig.system, 1);
  auto sid = sid_of(tcp_client{rig}.get(polling));
  auto target = polling + "&sid=" + sid;
  other.reset();
  auto home = std::make_unique<busy_worker>(rig.system, 0);
  tcp_client first{rig};
  CHECK(first.get("/nothing") == "404 Not Found"); // so worker 1 reads it
  home.reset();
  other = std::make_unique<busy_worker>(rig.system, 1);
  first.write("GET " + target + " HTTP/1.1\r\n\r\n");
  // The network stack tells times apart that are as far from each other as this.
  for (auto sent = std::chrono::steady_clock::now();
       std::chrono::steady_clock::now() - sent < 30ms;)
    CHECK(tcp_client{rig}.get("/nothing") == "404 Not Found");
  tcp_client second{rig};
  second.write("GET " + target + " HTTP/1.1\r\n\r\n");
  CHECK(tcp_client{rig}.post(target, "3") == "200 ok"); // behind it on worker 0
  other.reset();
  CHECK(second.answer() == "400 ");
  CHECK(first.answer() == "200 1");
}

TEST_CASE("an upgrade that nobody handles is left to its client when it shall not be destroyed") {
  engine::options x;
  x.destroy_upgrade = false;
  x.destroy_upgrade_timeout = 10ms;
  net::http_limits limits;
  limits.idle_timeout = 100ms;
  server_rig rig{1, x, {}, limits};
  tcp_client client{rig};
  auto begin = std::chrono::steady_clock::now();
  client.write("GET /elsewhere HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  CHECK(client.ended());
  CHECK(std::chrono::steady_clock::now() - begin >= 100ms);
}

TEST_CASE("an upgrade that is handled is not destroyed") {
  engine::options x;
  x.destroy_upgrade_timeout = 10ms;
  x.ping_interval = 50ms;
  server_rig rig{1, x};
  test::websocket_client client{rig};
  CHECK(client.read().starts_with("0{"));
  CHECK(client.read() == "2");
  client.write("3");
  client.write("4still here");
  CHECK(client.read() == "4still here");
}

TEST_CASE("who watches a session sees its packets, its upgrade, its drains and its end") {
  test::event_log seen;
  server_rig rig{1, {}, {}, {}, [&seen](engine::session& s) {
                   s.on_packet([&seen](const engine_packet_view& p) {
                     seen.add("came " + std::string{p.data});
                   });
                   s.on_packet_create([&seen](const engine_packet_view& p, bool compress) {
                     seen.add((compress ? "made " : "made plain ") + std::string{p.data});
                   });
                   s.on_upgrade(
                     [&seen, &s] { seen.add("now " + std::string{s.transport_name()}); });
                   s.on_drain([&seen] { seen.add("drained"); });
                   s.on_close([&seen](actors::close_reason why, std::string_view) {
                     seen.add("closed " + std::string{to_string(why)});
                   });
                 }};
  auto sid = sid_of(tcp_client{rig}.get(polling));
  tcp_client client{rig};
  client.post(polling + "&sid=" + sid, "4plain");
  CHECK(seen.next() == "came plain");
  CHECK(seen.next() == "made plain plain");
  CHECK(client.get(polling + "&sid=" + sid) == "200 4plain");
  CHECK(seen.next() == "drained");
  {
    test::websocket_client socket{rig, "&sid=" + sid};
    socket.write("2probe");
    CHECK(socket.read() == "3probe");
    socket.write("5");
    CHECK(seen.next() == "now websocket");
    socket.write("4b");
    CHECK(socket.read() == "4b");
    CHECK(seen.next() == "came b");
    CHECK(seen.next() == "made b");
    CHECK(seen.next() == "drained");
    socket.socket.close(beast::websocket::close_code::normal);
  }
  CHECK(seen.next() == "closed transport close");
}
