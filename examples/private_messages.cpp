// Private messages between users that have proved who they are, on however many connections each.
// private_messages.cjs is its client, and `private_messages PORT` runs it.
#include "api/server.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>

using namespace atrium;
using namespace std::chrono_literals;
using boost::asio::awaitable;

namespace {

/// A real program asks its database, in a coroutine, and keeps no passwords in the clear.
const std::map<std::string, std::string, std::less<>> passwords{
  {"ada", "lovelace"}, {"grace", "hopper"}, {"edsger", "dijkstra"}};

std::string text_of(const json::object& x, std::string_view key) {
  const auto* value = x.if_contains(key);
  return value && value->is_string() ? std::string{value->as_string()} : std::string{};
}

/// The room of all connections of a user.
std::string room_of(std::string_view user) {
  return "user " + std::string{user};
}

/// Lets in who shows a name and its password; the name stays in the socket's data.
api::admission authenticate(const api::socket& s) {
  auto& shown = s.handshake().auth;
  auto name = text_of(shown, "name");
  auto known = passwords.find(name);
  if (known == passwords.end() || known->second != text_of(shown, "password"))
    return api::connect_error{"who are you?", json::object{{"code", "unknown_user"}}};
  s.data()["name"] = name;
  return std::nullopt;
}

/// "message" (to, text): goes to every connection of `to`, and to the sender's others. The answer
/// is how many connections of `to` have taken it within a second.
awaitable<void> message(api::socket s, api::event e) {
  if (! e[0].is_string()) {
    e.ack(0);
    co_return;
  }
  auto from = text_of(s.data(), "name");
  const json::object what{{"from", from}, {"to", e[0]}, {"text", e[1]}};
  s.to(room_of(from)).emit("sent", what);
  auto to = s.name_space().to(room_of(e[0].as_string())).timeout(1s);
  auto answers = co_await to.emit_with_ack("message", what);
  e.ack(answers.responses.size());
}

} // namespace

int main(int argc, char** argv) {
  api::server_options options;
  // Who loses the connection for a while keeps the rooms and gets what was "sent" meanwhile.
  options.recovery.emplace();
  api::server io{std::move(options)};
  io.use(authenticate);
  io.on_connection([](const api::socket& s) { s.join(room_of(text_of(s.data(), "name"))); });
  io.sockets().handle("message", message);
  auto port = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 3000;
  if (! io.listen(static_cast<std::uint16_t>(port)))
    return 1;
  std::printf("listening on %u\n", static_cast<unsigned>(io.port()));
  std::fflush(stdout);
  return io.run();
}
