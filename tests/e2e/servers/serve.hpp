#pragma once

#include "api/server.hpp"
#include "tests/e2e/servers/arguments.hpp"

namespace e2e {

/// The options of a Socket.IO server with these arguments.
inline atrium::api::server_options options_for(const arguments& x) {
  atrium::api::server_options result;
  result.engine.ping_interval = x.ping_interval;
  result.engine.ping_timeout = x.ping_timeout;
  result.client_folder = x.client_folder;
  result.metrics_path = "/metrics";
  return result;
}

/// Listens, says so on standard output, and serves until SIGTERM. @returns the exit code.
inline int serve(atrium::api::server& io, const arguments& x) {
  atrium::net::listen_options where;
  where.port = x.port;
  where.tls = x.tls;
  if (auto listening = io.listen(std::move(where)); ! listening) {
    std::fprintf(stderr, "cannot listen: %s\n", listening.error().message().c_str());
    return 1;
  }
  std::printf("listening on %u\n", static_cast<unsigned>(io.port()));
  std::fflush(stdout);
  return io.run();
}

} // namespace e2e
