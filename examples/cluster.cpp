// Two servers that are one chat: who is in a room of one hears what is said in it on the other.
// chat.cjs is its client, and `cluster PORT` runs both, the second on the next port.
#include "api/cluster_adapter.hpp"
#include "api/server.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

using namespace atrium;
using boost::asio::awaitable;

namespace {

/// Connects the servers of one process. A bus over a network subscribes in `join`, for instance to
/// one channel of a broker for the namespace and to one for the node, and calls the receiver with
/// each message that comes; `publish` and `send` write to these channels.
class process_bus final : public api::cluster_bus {
public:
  void join(const std::string& nsp, const std::string& node, receiver to) override {
    const std::lock_guard guard{mutex_};
    nodes_[nsp][node] = std::move(to);
  }
  void leave(const std::string& nsp, const std::string& node) override {
    const std::lock_guard guard{mutex_};
    nodes_[nsp].erase(node);
  }
  void publish(const std::string& nsp, std::string message) override {
    const std::lock_guard guard{mutex_};
    for (auto& [node, to] : nodes_[nsp])
      to(message);
  }
  void send(const std::string& nsp, const std::string& node, std::string message) override {
    const std::lock_guard guard{mutex_};
    auto& all = nodes_[nsp];
    if (auto found = all.find(node); found != all.end())
      found->second(std::move(message));
  }

private:
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, receiver>> nodes_; // by namespace, then by id
};

/// "join" (room, name): answers with the names of all that are in the room now, on either server.
awaitable<void> join(api::socket s, api::event e) {
  if (! e[0].is_string() || ! e[1].is_string()) {
    e.ack(json::object{{"error", "a room and a name, please"}});
    co_return;
  }
  const std::string room{e[0].as_string()};
  s.data() = {{"name", e[1]}, {"room", e[0]}};
  s.join(room);
  s.to(room).emit("joined", e[1]);
  json::array names;
  auto all = co_await s.name_space().in(room).fetch_sockets();
  for (auto& x : all)
    names.push_back(x.data().at("name"));
  e.ack(json::object{{"members", std::move(names)}});
}

/// "say" (anything): goes to all others in the room; the answer says whether there is one.
void say(const api::socket& s, const api::event& e) {
  auto& me = s.data();
  const auto* room = me.if_contains("room");
  if (room)
    s.to(std::string{room->as_string()}).emit("said", me.at("name"), e[0]);
  e.ack(room != nullptr);
}

/// Starts a server; port 0 takes a free one.
bool serve(api::server& io, unsigned long port) {
  io.sockets().handle("join", join);
  io.sockets().handle("say", say);
  if (! io.listen(static_cast<std::uint16_t>(port)))
    return false;
  std::printf("listening on %u\n", static_cast<unsigned>(io.port()));
  std::fflush(stdout);
  return true;
}

} // namespace

int main(int argc, char** argv) {
  auto port = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 3000;
  api::cluster_options cluster;
  cluster.bus = std::make_shared<process_bus>();
  api::server_options options;
  options.adapter = api::clustered(std::move(cluster));
  api::server one{options};
  api::server two{options};
  if (! serve(one, port) || ! serve(two, port == 0 ? 0 : port + 1))
    return 1;
  return one.run();
}
