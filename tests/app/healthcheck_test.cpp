#include "app/healthcheck.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <thread>

namespace asio = boost::asio;
using atrium::app::healthcheck;
using atrium::config::endpoint;

namespace {

/// Answers one request with fixed bytes.
class canned_server {
public:
  explicit canned_server(std::string answer)
    : acceptor_(context_, {asio::ip::make_address("127.0.0.1"), 0}),
      thread_([this, answer = std::move(answer)] {
        auto peer = acceptor_.accept();
        boost::system::error_code ignored;
        asio::read_until(peer, asio::dynamic_buffer(request_), "\r\n\r\n", ignored);
        asio::write(peer, asio::buffer(answer), ignored);
      }) {
  }

  ~canned_server() {
    join();
  }

  endpoint where() const {
    return {"127.0.0.1", acceptor_.local_endpoint().port()};
  }

  void join() {
    if (thread_.joinable())
      thread_.join();
  }

  const std::string& request() const {
    return request_;
  }

private:
  std::string request_;
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

} // namespace

TEST_CASE("a hub that answers 200 is healthy") {
  canned_server server{"HTTP/1.1 200 OK\r\n\r\n"};
  CHECK(healthcheck(server.where(), {}) == 0);
  server.join();
  CHECK(server.request().starts_with("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:"));
}

TEST_CASE("a listener on any address is asked on loopback") {
  canned_server server{"HTTP/1.1 200 OK\r\n\r\n"};
  CHECK(healthcheck({"0.0.0.0", server.where().port}, {}) == 0);
}

TEST_CASE("a hub that answers otherwise is not healthy") {
  auto answer = GENERATE("HTTP/1.1 503 Service Unavailable\r\n\r\n", "hello\r\n", "");
  canned_server server{answer};
  CHECK(healthcheck(server.where(), {}) == 1);
}

TEST_CASE("nobody there is not healthy") {
  CHECK(healthcheck({"127.0.0.1", 1}, {}) == 1);
}
