// Puts load on a Socket.IO server on this machine, over WebSocket, and prints one JSON object:
// rates, latencies in microseconds and, when SERVER_PID is given, the server's CPU and memory.
//
//   bench_socketio_load PORT conn  CLIENTS                       [SERVER_PID]
//   bench_socketio_load PORT echo  CLIENTS SECONDS DEPTH PAYLOAD [SERVER_PID]
//   bench_socketio_load PORT bcast CLIENTS SECONDS DEPTH PAYLOAD [SERVER_PID]
//   bench_socketio_load PORT set   CLIENTS SECONDS DEPTH STATES  [SERVER_PID]
//   bench_socketio_load PORT flood CLIENTS SECONDS DEPTH PAYLOAD [SERVER_PID]
//
// What the server must answer in the namespace "/":
//   ["echo", x]       with the ack [x]
//   ["join", r]       by joining the room r, and with the ack []
//   ["bcast", r, x]   by emitting ["msg", x] to everyone in the room r, the sender too
//   ["setState", id, {"val":…,"ack":true}]   with the ack [null, id], in mode `set`

#include "bench/support/load_modes.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

namespace {

using namespace bench;

struct load_mode {
  std::string_view name;
  int (*run)(const load_settings&);
};

constexpr auto modes = std::array<load_mode, 5>{{
  {"conn", run_connect_mode},
  {"echo", run_echo_mode},
  {"bcast", run_broadcast_mode},
  {"set", run_set_mode},
  {"flood", run_flood_mode},
}};

} // namespace

int main(int argc, char** argv) {
  constexpr auto wrong_usage = 2;
  auto settings = parse_load_settings(argc, argv);
  if (settings)
    for (const auto& mode : modes)
      if (mode.name == settings->mode)
        try {
          return mode.run(*settings);
        } catch (const std::exception& error) {
          std::fprintf(stderr, "error: %s\n", error.what());
          return 1;
        }
  std::fputs("usage: bench_socketio_load PORT conn CLIENTS [SERVER_PID]\n"
             "       bench_socketio_load PORT echo|bcast|flood CLIENTS SECONDS DEPTH PAYLOAD "
             "[SERVER_PID]\n"
             "       bench_socketio_load PORT set CLIENTS SECONDS DEPTH STATES [SERVER_PID]\n",
             stderr);
  return wrong_usage;
}
