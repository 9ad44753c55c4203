// A server whose clients come back:   recovery [--store FILE] [--max-disconnection MS] [--packets
// N]
// [--bytes N] [--check 1] and what all servers take. On `/`, `/checked` and `/refused` there is a
// middleware.
#include "tests/e2e/servers/serve.hpp"

#include <atomic>
#include <string>
#include <vector>

using namespace atrium;

namespace {

/// Takes the options of this server off the command line; the others are left.
struct own_arguments {
  own_arguments(int argc, char** argv) : rest{argv[0]} {
    for (auto i = 1; i + 1 < argc; i += 2) {
      const std::string key{argv[i]};
      if (key == "--store") {
        store = argv[i + 1];
      } else if (key == "--max-disconnection") {
        recovery.max_disconnection = std::chrono::milliseconds{std::atoi(argv[i + 1])};
      } else if (key == "--packets") {
        recovery.packets_max = std::strtoul(argv[i + 1], nullptr, 10);
      } else if (key == "--bytes") {
        recovery.bytes_max = std::strtoul(argv[i + 1], nullptr, 10);
      } else if (key == "--check") {
        recovery.skip_middlewares = false;
      } else {
        rest.push_back(argv[i]);
        rest.push_back(argv[i + 1]);
      }
    }
  }

  std::string store;
  api::recovery_options recovery;
  std::vector<char*> rest;
};

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void serve_namespace(const api::socket_namespace& nsp) {
  nsp.on_connection([](const api::socket& s) {
    s.on_disconnect([id = s.id()](std::string_view reason, std::string_view) {
      say("gone " + id + " " + std::string{reason});
    });
  });
  nsp.on_recovery_failed([](const api::socket&, recovery_refusal why) {
    say("refused " + std::string{to_string(why)});
  });
  nsp.handle("join", [](const api::socket& s, const api::event& e) {
    for (std::size_t i = 0; i < e.size(); ++i)
      s.join(std::string_view{e[i].as_string()});
    e.ack();
  });
  nsp.handle("data", [](const api::socket& s, const api::event& e) {
    for (auto& x : e[0].as_object())
      s.data()[x.key()] = x.value();
    e.ack();
  });
  // Who it is, as the program sees it.
  nsp.handle("who", [](const api::socket& s, const api::event& e) {
    json::array rooms;
    for (auto& room : s.rooms())
      rooms.emplace_back(room);
    e.ack(s.id(), rooms, s.data(), s.recovered());
  });
  // "direct" args…: to itself; "to" room args…; "all" args…
  nsp.handle("direct", [](const api::socket& s, const api::event& e) {
    s.emit("m", e.all());
    e.ack();
  });
  nsp.handle("to", [nsp](const api::socket&, const api::event& e) {
    auto args = e.all();
    const std::string room{e[0].as_string()};
    args.args.args.erase(args.args.args.begin());
    nsp.to(room).emit("m", args);
    e.ack();
  });
  nsp.handle("others", [](const api::socket& s, const api::event& e) {
    s.broadcast().emit("m", e.all());
    e.ack();
  });
  nsp.handle("all", [nsp](const api::socket&, const api::event& e) {
    nsp.emit("m", e.all());
    e.ack();
  });
  nsp.handle("volatile", [nsp](const api::socket&, const api::event& e) {
    nsp.volatile_().emit("m", e.all());
    e.ack();
  });
  nsp.handle("bye", [](const api::socket& s, const api::event& e) {
    s.emit("m", "bye");
    s.disconnect(e.size() > 0);
  });
}

} // namespace

int main(int argc, char** argv) {
  own_arguments own{argc, argv};
  const e2e::arguments arguments{static_cast<int>(own.rest.size()), own.rest.data()};
  if (! own.store.empty()) {
    auto store = storage::open_recovery_store(own.store);
    if (! store) {
      std::fprintf(stderr, "%s\n", store.error().message.c_str());
      return 1;
    }
    own.recovery.store = *store;
  }
  auto options = e2e::options_for(arguments);
  options.recovery = own.recovery;
  std::atomic<int> checks{0};
  api::server io{std::move(options), arguments.workers};
  serve_namespace(io.of("/"));
  auto checked = io.of("/checked");
  checked.use([&checks](const api::socket& s) -> api::admission {
    say("check " + std::to_string(++checks) + (s.recovered() ? " recovered" : " new"));
    return std::nullopt;
  });
  serve_namespace(checked);
  return e2e::serve(io, arguments);
}
