#include "bench/support/client_pool.hpp"
#include "bench/support/json_line.hpp"
#include "bench/support/load_modes.hpp"
#include "bench/support/process_usage.hpp"

#include <chrono>
#include <string_view>

namespace bench {

namespace {

/// Reads for half a second, so that the server finishes what the handshakes left to do.
void settle(client_pool& clients) {
  using namespace std::chrono_literals;
  for (auto end = now_us() + 5e5; now_us() < end;)
    clients.poll(50ms, [](std::size_t, std::string_view) {});
}

} // namespace

int run_connect_mode(const load_settings& x) {
  client_pool clients{x.port, x.clients};
  auto before = usage_of(x.server_pid);
  auto start = now_us();
  auto handshakes = clients.connect();
  auto seconds = (now_us() - start) / 1e6;
  settle(clients);
  auto after = usage_of(x.server_pid);
  auto count = static_cast<double>(x.clients);
  print_line(
    {{"mode", x.mode},
     {"clients", x.clients},
     {"conn_per_s", rounded(count / seconds, 0)},
     {"p50_us", rounded(handshakes.percentile(0.5), 0)},
     {"p99_us", rounded(handshakes.percentile(0.99), 0)},
     {"server_cpu_us_per_conn", rounded((after.cpu_us - before.cpu_us) / count, 2)},
     {"server_kib_per_conn", rounded((after.resident_kib - before.resident_kib) / count, 2)},
     {"server_thread_cpu_ms", thread_cpu_ms(before, after)}});
  return 0;
}

} // namespace bench
