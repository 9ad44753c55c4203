// What the load generators ask: echo with an ack, join a room, broadcast to it.
#include "tests/e2e/servers/serve.hpp"

using namespace atrium;

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  api::server io{e2e::options_for(arguments), arguments.workers};
  auto nsp = io.of("/");
  nsp.handle("echo", [](const api::socket&, const api::event& e) { e.ack(e[0]); });
  nsp.handle("join", [](const api::socket& s, const api::event& e) {
    s.join(std::string_view{e[0].as_string()});
    e.ack();
  });
  nsp.handle("bcast", [nsp](const api::socket&, const api::event& e) {
    nsp.to(std::string_view{e[0].as_string()}).emit("msg", e[1]);
  });
  return e2e::serve(io, arguments);
}
