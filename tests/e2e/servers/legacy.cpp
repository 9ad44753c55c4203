// Lets clients of Socket.IO 2 in, and tells what they look like here.
#include "tests/e2e/servers/serve.hpp"

using namespace atrium;

namespace {

using boost::asio::awaitable;

void handle(const api::socket_namespace& nsp) {
  nsp.handle("echo", [](const api::socket&, const api::event& e) { e.ack(e.all()); });
  nsp.handle("id", [](const api::socket& s, const api::event& e) { e.ack(s.id()); });
  nsp.handle("auth", [](const api::socket& s, const api::event& e) { e.ack(s.handshake().auth); });
  nsp.handle("ask", [](api::socket s, api::event e) -> awaitable<void> {
    auto answer = co_await s.emit_with_ack("question", e[0]);
    e.ack(std::move(*answer));
  });
  nsp.handle("room", [nsp](const api::socket& s, const api::event& e) {
    s.join("a room");
    nsp.to("a room").emit("heard", e.all());
    e.ack();
  });
  nsp.handle("kick", [](const api::socket& s, const api::event&) { s.disconnect(); });
}

} // namespace

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  auto options = e2e::options_for(arguments);
  options.engine.allow_eio3 = true;
  api::server io{std::move(options), arguments.workers};
  for (auto* name : {"/", "/custom"})
    handle(io.of(name));
  io.of("/guarded").use([](const api::socket& s) -> api::admission {
    if (s.handshake().auth.contains("data"))
      return api::connect_error{"nope", json::object{{"code", 42}}};
    return api::connect_error{"nope"};
  });
  return e2e::serve(io, arguments);
}
