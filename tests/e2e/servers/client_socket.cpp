// The server that the official suite of socket.io-client presupposes.
#include "actors/runtime/sleep.hpp"
#include "schema/iso_time.hpp"
#include "tests/e2e/servers/serve.hpp"

using namespace atrium;

namespace {

using boost::asio::awaitable;

std::string now() {
  using namespace std::chrono;
  return iso_time(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

awaitable<net::engine::admission> after_a_while(const net::request_info&) {
  co_await runtime::sleep(std::chrono::milliseconds{10});
  co_return net::engine::admission{};
}

/// Whether it is `{hello: "lol", message: <binary>, goodbye: "gotcha"}`.
bool is_mixed(const api::event& e) {
  auto* x = e[0].if_object();
  return x && x->at("hello") == "lol" && x->at("goodbye") == "gotcha"
         && e.all().args.attachments.size() == 1;
}

void handle_texts(const api::socket_namespace& nsp) {
  nsp.handle("hi", [](const api::socket& s, const api::event&) { s.emit("hi"); });
  nsp.handle("echo", [](const api::socket&, const api::event& e) { e.ack(e[0]); });
  nsp.handle("ack", [](api::socket s, api::event) -> awaitable<void> {
    auto answer = co_await s.emit_with_ack("ack");
    if (answer && answer->args.args == json::array{5, {{"test", true}}})
      s.emit("got it");
  });
  nsp.handle("getAckDate", [](const api::socket&, const api::event& e) { e.ack(now()); });
  nsp.handle("getDate", [](const api::socket& s, const api::event&) { s.emit("takeDate", now()); });
  nsp.handle("getDateObj", [](const api::socket& s, const api::event&) {
    s.emit("takeDateObj", json::object{{"date", now()}});
  });
  nsp.handle("getUtf8", [](const api::socket& s, const api::event&) {
    for (auto* text : {"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"})
      s.emit("takeUtf8", text);
  });
  nsp.handle("false", [](const api::socket& s, const api::event&) { s.emit("false", false); });
  nsp.handle("getHandshake",
             [](const api::socket& s, const api::event& e) { e.ack(api::to_json(s.handshake())); });
}

void handle_binary(const api::socket_namespace& nsp) {
  auto send = [](const char* name) {
    return
      [name](const api::socket& s, const api::event&) { s.emit(name, api::binary{"asdfasdf"}); };
  };
  nsp.handle("doge", send("doge"));
  nsp.handle("getbin", send("takebin"));
  auto answer_bytes = [](const char* name) {
    return [name](const api::socket& s, const api::event& e) {
      if (e.bytes(0))
        s.emit(name);
    };
  };
  nsp.handle("buffa", answer_bytes("buffack"));
  nsp.handle("blob", answer_bytes("back"));
  auto answer_mixed = [](const char* name) {
    return [name](const api::socket& s, const api::event& e) {
      if (is_mixed(e))
        s.emit(name);
    };
  };
  nsp.handle("jsonbuff", answer_mixed("jsonbuff-ack"));
  nsp.handle("jsonblob", answer_mixed("jsonblob-ack"));
}

/// Several events, each of which only counts behind the one before.
void handle_sequences(const api::socket_namespace& nsp) {
  auto step = [](int number, bool binary, const char* name) {
    return [=](const api::socket& s, const api::event& e) {
      auto& last = s.data()["last"];
      if (number > 1 && last != number - 1)
        return;
      if (binary != e.bytes(0).has_value())
        return;
      last = number;
      if (*name)
        s.emit(name);
    };
  };
  nsp.handle("abuff1", step(1, true, ""));
  nsp.handle("abuff2", step(2, false, "abuff2-ack"));
  nsp.handle("blob1", step(1, true, ""));
  nsp.handle("blob2", step(2, false, ""));
  nsp.handle("blob3", step(3, true, "blob3-ack"));
}

void handle_id(const api::socket_namespace& nsp) {
  nsp.handle("getId", [](const api::socket& s, const api::event& e) { e.ack(s.id()); });
}

} // namespace

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  auto options = e2e::options_for(arguments);
  options.engine.ping_interval = std::chrono::milliseconds{2000};
  options.engine.allow_request = after_a_while;
  options.recovery.emplace();
  api::server io{std::move(options), arguments.workers};
  auto root = io.of("/");
  handle_id(root);
  handle_texts(root);
  handle_binary(root);
  handle_sequences(root);
  root.use([](const api::socket& s) -> api::admission {
    if (s.handshake().query.contains("fail"))
      return api::connect_error{"Auth failed (main namespace)", nullptr};
    return std::nullopt;
  });
  handle_id(io.of("/foo"));
  for (auto* name : {"/timeout_socket", "/valid", "/asd"})
    io.of(name);
  io.of("/abc").on_connection(
    [](const api::socket& s) { s.emit("handshake", api::to_json(s.handshake())); });
  io.of("/no").use([](const api::socket&) -> api::admission {
    return api::connect_error{"Auth failed (custom namespace)", nullptr};
  });
  return e2e::serve(io, arguments);
}
