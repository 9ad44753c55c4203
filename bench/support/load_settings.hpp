#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bench {

/// What `socketio_load` is asked to do.
struct load_settings {
  std::uint16_t port = 0;
  std::string_view mode;
  std::size_t clients = 0;
  double seconds = 0;
  /// Requests that each client keeps in flight, or broadcasts in all.
  std::size_t depth = 0;
  /// Bytes of padding in a message; in mode `set`, the number of states that are written in turn.
  std::size_t payload = 0;
  /// The server's process, whose CPU and memory are reported; 0 when unknown.
  int server_pid = 0;
};

/// Reads `PORT MODE CLIENTS [SECONDS DEPTH PAYLOAD] [SERVER_PID]`, where mode `conn` has no
/// brackets but the last. Nothing when it is not that.
std::optional<load_settings> parse_load_settings(int argc, char** argv);

} // namespace bench
