#include "bench/support/ack_loop.hpp"
#include "bench/support/json_line.hpp"
#include "bench/support/load_modes.hpp"

namespace bench {

namespace {

int run(const load_settings& x, conversation& what) {
  client_pool clients{x.port, x.clients};
  clients.connect();
  auto figures = run_ack_loop(clients, what, {x.depth, x.seconds, x.server_pid});
  print_line({{"mode", x.mode},
              {"clients", x.clients},
              {"depth", x.depth},
              {x.mode == "set" ? "states" : "payload", x.payload},
              {"acks_per_s", rounded(figures.acks_per_second, 0)},
              {"p50_us", rounded(figures.times.percentile(0.5), 0)},
              {"p99_us", rounded(figures.times.percentile(0.99), 0)},
              {"lost", figures.lost},
              {"refused", what.refused()},
              {"server_cpu_us_per_ack", rounded(figures.server_cpu_us_per_ack, 3)},
              {"server_thread_cpu_ms", figures.server_thread_cpu_ms}});
  return figures.lost > 0 || what.refused() > 0 ? 1 : 0;
}

} // namespace

int run_echo_mode(const load_settings& x) {
  echo_conversation echoes{x.payload};
  return run(x, echoes);
}

int run_set_mode(const load_settings& x) {
  set_conversation writes{x.payload};
  return run(x, writes);
}

} // namespace bench
