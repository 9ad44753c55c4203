// Answers every kind of event in one defined way, so that it can be compared with the reference:
// support/reference_probe.mjs does the same with Node's socket.io.
#include "tests/e2e/servers/serve.hpp"

#include <regex>

using namespace atrium;
using namespace std::chrono_literals;

namespace {

using boost::asio::awaitable;

void handle_emits(const api::socket_namespace& nsp) {
  nsp.handle("echo", [](const api::socket& s, const api::event& e) {
    if (e.wants_ack())
      e.ack(e.all());
    else
      s.emit("echo", e.all());
  });
  nsp.handle("multi", [](const api::socket& s, const api::event&) {
    s.emit("m1");
    s.emit("m2", api::binary{"\x01\x02"});
    s.emit("m3");
  });
  nsp.handle("vol", [](const api::socket& s, const api::event&) {
    s.volatile_().emit("v", 1);
    s.volatile_().emit("v", 2);
  });
  nsp.handle("bcast", [nsp](const api::socket&, const api::event& e) { nsp.emit("b", e.all()); });
  nsp.handle("broom", [nsp](const api::socket&, const api::event& e) {
    auto args = e.all();
    if (! args.args.args.empty())
      args.args.args.erase(args.args.args.begin());
    if (const auto* room = e[0].if_string())
      nsp.to(std::string{*room}).emit("b", std::move(args));
  });
}

void handle_acks(const api::socket_namespace& nsp) {
  nsp.handle("emitack", [](api::socket s, api::event e) -> awaitable<void> {
    auto answer = co_await s.emit_with_ack("q", e.all());
    if (answer)
      s.emit("acked", std::move(*answer));
  });
  nsp.handle("timeoutack", [](api::socket s, api::event e) -> awaitable<void> {
    auto answer = co_await s.timeout(50ms).emit_with_ack("q", e.all());
    if (answer)
      s.emit("acked", nullptr, std::move(*answer));
    else
      s.emit("acked", "operation has timed out");
  });
  nsp.handle("ackbin",
             [](const api::socket&, const api::event& e) { e.ack(api::binary{"\x09\x08"}); });
  nsp.handle("doubleack", [](const api::socket&, const api::event& e) {
    e.ack(1);
    e.ack(2);
  });
}

void handle_life(const api::socket_namespace& nsp) {
  nsp.handle("join", [](const api::socket& s, const api::event& e) {
    if (const auto* room = e[0].if_string())
      s.join(std::string{*room});
  });
  nsp.handle("data", [](const api::socket& s, const api::event& e) {
    if (const auto* more = e[0].if_object())
      for (const auto& x : *more)
        s.data()[x.key()] = x.value();
  });
  nsp.handle("kick", [](const api::socket& s, const api::event&) { s.disconnect(); });
  nsp.handle("kickall", [](const api::socket& s, const api::event&) { s.disconnect(true); });
}

api::admission check(const api::socket& s) {
  const auto& auth = s.handshake().auth;
  const auto* token = auth.if_contains("token");
  if (token && *token == "ok")
    return std::nullopt;
  api::connect_error refused{"nope"};
  if (auth.contains("data"))
    refused.data = json::object{{"code", 42}};
  return refused;
}

} // namespace

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  api::server io{e2e::options_for(arguments), arguments.workers};
  for (const auto* name : {"/", "/custom", "/auth"}) {
    auto nsp = io.of(name);
    handle_emits(nsp);
    handle_acks(nsp);
    handle_life(nsp);
  }
  io.of("/auth").use(check);
  io.of(std::regex{R"(^/dyn-\d+$)"}).on_connection([](const api::socket& s) {
    s.emit("hi", s.name_space().name());
  });
  return e2e::serve(io, arguments);
}
