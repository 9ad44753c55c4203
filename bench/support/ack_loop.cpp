#include "bench/support/ack_loop.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace bench {

using namespace std::chrono_literals;

ack_figures run_ack_loop(client_pool& clients, conversation& what, const ack_load& x) {
  constexpr auto drain_us = 5e6;
  ack_figures result;
  std::string packet;
  auto sent = std::uint64_t{0};
  auto acked = std::uint64_t{0};
  auto stopping = false;
  auto ask = [&](std::size_t client) {
    what.write_request(packet);
    ++sent;
    clients.send(client, packet);
  };
  auto on_text = [&](std::size_t client, std::string_view text) {
    auto took = what.read_ack(text);
    if (! took)
      return;
    result.times.add(*took);
    ++acked;
    if (! stopping)
      ask(client);
  };
  auto before = usage_of(x.server_pid);
  auto start = now_us();
  for (auto client = std::size_t{0}; client < clients.size(); ++client)
    for (auto n = std::size_t{0}; n < x.depth; ++n)
      ask(client);
  while (now_us() < start + x.seconds * 1e6)
    clients.poll(10ms, on_text);
  auto measured = static_cast<double>(acked);
  result.acks_per_second = measured / (now_us() - start) * 1e6;
  auto after = usage_of(x.server_pid);
  stopping = true;
  for (auto end = now_us() + drain_us; acked < sent && now_us() < end;)
    clients.poll(10ms, on_text);
  if (measured > 0)
    result.server_cpu_us_per_ack = (after.cpu_us - before.cpu_us) / measured;
  result.server_thread_cpu_ms = thread_cpu_ms(before, after);
  result.lost = sent - acked;
  return result;
}

} // namespace bench
