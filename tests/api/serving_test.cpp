#include "actors/runtime/coroutines.hpp"
#include "api/server.hpp"
#include "tests/support/temp_folder.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <future>

using namespace atrium;

namespace {

namespace asio = boost::asio;

/// A connection of a client that waits for its answers, with real time and real sockets.
class caller {
public:
  explicit caller(std::uint16_t port) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  }

  void send(std::string_view target) {
    auto request = "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    asio::write(socket_, asio::buffer(request));
  }

  /// What comes until it contains `text`, or until the end.
  std::string read_until(std::string_view text) {
    std::string got;
    boost::system::error_code ec;
    while (got.find(text) == std::string::npos && ! ec) {
      std::array<char, 1024> part{};
      auto n = socket_.read_some(asio::buffer(part), ec);
      got.append(part.data(), n);
    }
    return got;
  }

  bool at_end() {
    boost::system::error_code ec;
    char x = 0;
    socket_.read_some(asio::buffer(&x, 1), ec);
    return ec.failed();
  }

private:
  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
};

std::string get(std::uint16_t port, std::string_view target) {
  caller x{port};
  x.send(target);
  return x.read_until("}");
}

/// Runs a coroutine on the first worker and waits for its end.
template <class F>
void run(runtime::system& system, F f) {
  std::promise<void> done;
  system.post(0, [&] {
    auto body = [](F& g, std::promise<void>& end) -> asio::awaitable<void> {
      co_await g();
      end.set_value();
    };
    runtime::spawn(system.at(0), body(f, done), "test");
  });
  done.get_future().wait();
}

constexpr std::string_view handshake = "/socket.io/?EIO=4&transport=polling";
constexpr std::string_view opened = R"(0{"sid":")";

} // namespace

TEST_CASE("a server listens on several ports, and on each with its options") {
  api::server_options options;
  options.engine.ping_interval = std::chrono::milliseconds{12'345};
  options.engine.path = "/own";
  api::server io{std::move(options), 2};
  CHECK(io.port() == 0);
  CHECK(io.path() == "/own");
  CHECK(io.connect_timeout() == std::chrono::milliseconds{45'000});
  REQUIRE(io.listen(0));
  REQUIRE(io.listen(0, "127.0.0.1"));
  auto ports = io.ports();
  REQUIRE(ports.size() == 2);
  CHECK(ports[0] != ports[1]);
  CHECK(io.port() == ports[0]);
  for (auto port : ports) {
    auto answer = get(port, "/own/?EIO=4&transport=polling");
    CHECK(answer.find(opened) != std::string::npos);
    CHECK(answer.find(R"("pingInterval":12345)") != std::string::npos);
    caller other{port};
    other.send(handshake);
    CHECK(other.read_until("\r\n").starts_with("HTTP/1.1 404"));
  }
}

TEST_CASE("a port that is taken is an error, and the server goes on") {
  api::server io;
  REQUIRE(io.listen(0));
  CHECK_FALSE(io.listen(io.port()));
  CHECK(io.ports().size() == 1);
  CHECK(get(io.port(), handshake).find(opened) != std::string::npos);
}

TEST_CASE("a server may be attached to one that serves pages of its own") {
  api::server io;
  net::routes table;
  io.attach(table);
  table.pages.push_back(
    {"/page", false,
     [](const net::request_info&, std::string) -> asio::awaitable<net::http_response> {
       co_return net::make_response(200, "{the page}");
     }});
  net::server http{io.system(), {}, std::move(table)};
  REQUIRE(http.start());
  CHECK(get(http.port(), handshake).find(opened) != std::string::npos);
  CHECK(get(http.port(), "/page").find("{the page}") != std::string::npos);
  run(io.system(), [&]() -> asio::awaitable<void> {
    co_await io.close();
    co_await http.close(std::chrono::seconds{2});
  });
}

TEST_CASE("close completes when nothing is connected any more, and may be called again") {
  api::server io;
  REQUIRE(io.listen(0));
  auto port = io.port();
  caller client{port};
  client.send(handshake);
  CHECK(client.read_until("}").find(opened) != std::string::npos);
  run(io.system(), [&]() -> asio::awaitable<void> {
    co_await io.close();
    co_await io.close();
  });
  CHECK(client.at_end());
  CHECK_THROWS(caller{port});
}

TEST_CASE("a server that never listened closes too") {
  api::server io;
  run(io.system(), [&]() -> asio::awaitable<void> { co_await io.close(); });
  CHECK(io.ports().empty());
}

TEST_CASE("the bundles of the client are read once, however many ports serve them") {
  test::temp_folder folder;
  for (auto* name : {"version", "socket.io.js"})
    std::ofstream{folder.path() / name} << "1.2.3";
  api::server_options options;
  options.client_folder = folder.path().string();
  api::server io{std::move(options)};
  auto first = io.route();
  REQUIRE(first.options.client);
  CHECK(io.route().options.client == first.options.client);
}
