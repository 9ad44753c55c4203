// What Socket.IO promises its programs, one event for each thing that a test wants to see.
#include "net/engine/session.hpp"
#include "tests/e2e/servers/serve.hpp"

#include <stdexcept>

using namespace atrium;

namespace {

using boost::asio::awaitable;

std::vector<std::string> names_of(const json::value& x) {
  return json::value_to<std::vector<std::string>>(x);
}

void handle_rooms(const api::socket_namespace& nsp) {
  nsp.handle("join", [](const api::socket& s, const api::event& e) {
    s.join(names_of(e[0]));
    e.ack();
  });
  nsp.handle("leave", [](const api::socket& s, const api::event& e) {
    s.leave(names_of(e[0]));
    e.ack();
  });
  nsp.handle("rooms",
             [](const api::socket& s, const api::event& e) { e.ack(json::value_from(s.rooms())); });
  nsp.handle("to", [nsp](const api::socket&, const api::event& e) {
    nsp.to(names_of(e[0])).emit("heard", e[1]);
    e.ack();
  });
  nsp.handle("others", [](const api::socket& s, const api::event& e) {
    s.to(names_of(e[0])).emit("heard", e[1]);
    e.ack();
  });
  nsp.handle("except", [nsp](const api::socket&, const api::event& e) {
    nsp.to(names_of(e[0])).except(names_of(e[1])).emit("heard", e[2]);
    e.ack();
  });
}

void handle_acks(const api::socket_namespace& nsp) {
  nsp.handle("echo", [](const api::socket&, const api::event& e) { e.ack(e.all()); });
  nsp.handle("back", [](const api::socket& s, const api::event& e) { s.emit("back", e.all()); });
  nsp.handle("ask", [](api::socket s, api::event e) -> awaitable<void> {
    auto within = s.timeout(std::chrono::milliseconds{e[1].as_int64()});
    auto answer = co_await within.emit_with_ack("question", e[0]);
    if (answer)
      e.ack(nullptr, std::move(*answer));
    else
      e.ack(to_string(static_cast<errc>(answer.error().value())));
  });
  nsp.handle("vote", [nsp](api::socket, api::event e) -> awaitable<void> {
    auto votes = co_await nsp.to(std::string_view{e[0].as_string()})
                   .timeout(std::chrono::milliseconds{e[1].as_int64()})
                   .emit_with_ack("question", "vote");
    e.ack(votes.timed_out, json::value_from(votes.responses));
  });
}

/// What the server knows of a client.
void handle_questions(const api::socket_namespace& nsp) {
  nsp.handle("secure", [](const api::socket& s, const api::event& e) {
    auto& certificate = s.conn()->request().client_certificate;
    e.ack(s.handshake().secure, certificate ? json::value(*certificate) : nullptr);
  });
}

void handle_life(const api::socket_namespace& nsp) {
  nsp.on_connection([nsp](const api::socket& s) {
    s.on_disconnect([nsp, id = s.id()](std::string_view reason, std::string_view) {
      std::printf("ended %s: %s\n", id.c_str(), std::string{reason}.c_str());
      std::fflush(stdout);
      nsp.to("observers").emit("ended", id, reason);
    });
  });
  nsp.handle("kick", [](const api::socket& s, const api::event& e) { s.disconnect(e[0] == true); });
  nsp.handle("throw",
             [](const api::socket&, const api::event&) { throw std::runtime_error{"on purpose"}; });
  nsp.handle("throw later", [](api::socket, api::event) -> awaitable<void> {
    throw std::runtime_error{"on purpose"};
    co_return;
  });
  nsp.handle("sockets", [nsp](api::socket, api::event e) -> awaitable<void> {
    auto all = co_await nsp.to(std::string_view{e[0].as_string()}).fetch_sockets();
    json::array ids;
    for (auto& x : all)
      ids.emplace_back(x.id());
    e.ack(std::move(ids));
  });
}

} // namespace

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  api::server io{e2e::options_for(arguments), arguments.workers};
  for (auto* name : {"/", "/other"}) {
    auto nsp = io.of(name);
    handle_rooms(nsp);
    handle_acks(nsp);
    handle_life(nsp);
    handle_questions(nsp);
  }
  auto guarded = io.of("/guarded");
  guarded.use([](const api::socket& s) -> api::admission {
    auto* token = s.handshake().auth.if_contains("token");
    if (token && *token == "good")
      return std::nullopt;
    return api::connect_error{"not authorised", json::object{{"code", 401}}};
  });
  handle_acks(guarded);
  return e2e::serve(io, arguments);
}
