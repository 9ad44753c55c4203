#pragma once

#include "bench/support/client_pool.hpp"
#include "bench/support/conversation.hpp"
#include "bench/support/latencies.hpp"
#include "bench/support/process_usage.hpp"

#include <cstddef>
#include <cstdint>

namespace bench {

/// How hard, how long and whom to measure.
struct ack_load {
  std::size_t depth = 1;
  double seconds = 1;
  int server_pid = 0;
};

/// What a loop of requests and acks measured.
struct ack_figures {
  latencies times;
  double acks_per_second = 0;
  double server_cpu_us_per_ack = 0;
  boost::json::array server_thread_cpu_ms;
  /// Requests that no ack came for within five seconds after the end.
  std::uint64_t lost = 0;
};

/// Keeps `depth` requests of each client in flight: an ack is answered with the next request.
ack_figures run_ack_loop(client_pool& clients, conversation& what, const ack_load& x);

} // namespace bench
