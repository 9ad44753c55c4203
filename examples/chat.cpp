// A chat: who joins a room hears what is said in it. chat.cjs is its client, and `chat PORT` runs
// it.
#include "api/server.hpp"

#include <cstdio>
#include <cstdlib>

using namespace atrium;
using boost::asio::awaitable;

namespace {

/// What a member is called, and where; both are empty before it has joined a room.
struct member {
  std::string name, room;
};

member& about(const api::socket& s) {
  return *std::static_pointer_cast<member>(s.context());
}

void leave(const api::socket& s) {
  auto& me = about(s);
  if (me.room.empty())
    return;
  s.to(me.room).emit("left", me.name);
  s.leave(me.room);
  me.room.clear();
}

/// "join" (room, name): answers with the names of all that are in the room now.
awaitable<void> join(api::socket s, api::event e) {
  if (! e[0].is_string() || ! e[1].is_string()) {
    e.ack(json::object{{"error", "a room and a name, please"}});
    co_return;
  }
  leave(s);
  about(s) = {std::string{e[1].as_string()}, std::string{e[0].as_string()}};
  s.data()["name"] = e[1];
  s.join(about(s).room);
  s.to(about(s).room).emit("joined", e[1]);
  json::array names;
  auto all = co_await s.name_space().in(about(s).room).fetch_sockets();
  for (auto& x : all)
    names.push_back(x.data().at("name"));
  e.ack(json::object{{"members", std::move(names)}});
}

/// "say" (anything): goes to all others in the room; the answer says whether there is one.
void say(const api::socket& s, const api::event& e) {
  auto& me = about(s);
  if (! me.room.empty())
    s.to(me.room).emit("said", me.name, e[0]);
  e.ack(! me.room.empty());
}

} // namespace

int main(int argc, char** argv) {
  api::server io;
  io.on_connection([](const api::socket& s) {
    s.context() = std::make_shared<member>();
    // A handler that held the socket itself would keep it for ever.
    s.on_disconnecting([weak = api::socket::weak{s}](std::string_view, std::string_view) {
      if (auto me = weak.lock())
        leave(*me);
    });
  });
  io.sockets().handle("join", join);
  io.sockets().handle("say", say);
  auto port = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 3000;
  if (! io.listen(static_cast<std::uint16_t>(port)))
    return 1;
  std::printf("listening on %u\n", static_cast<unsigned>(io.port()));
  std::fflush(stdout);
  return io.run();
}
