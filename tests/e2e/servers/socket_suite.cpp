// The server that the official Socket.IO v5 conformance suite presupposes.
#include "tests/e2e/servers/serve.hpp"

using namespace atrium;

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  auto options = e2e::options_for(arguments);
  options.connect_timeout = std::chrono::milliseconds{1000};
  options.engine.cors.emplace();
  api::server io{std::move(options), arguments.workers};
  io.on_connection([](const api::socket& s) {
    s.emit("auth", s.handshake().auth);
    s.on("message", [s](api::event e) -> boost::asio::awaitable<void> {
      s.emit("message-back", e.all());
      co_return;
    });
    s.on("message-with-ack", [](api::event e) -> boost::asio::awaitable<void> {
      e.ack(e.all());
      co_return;
    });
  });
  io.of("/custom").on_connection([](const api::socket& s) { s.emit("auth", s.handshake().auth); });
  return e2e::serve(io, arguments);
}
