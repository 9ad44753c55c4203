#include "bench/support/client_pool.hpp"
#include "bench/support/json_line.hpp"
#include "bench/support/load_modes.hpp"
#include "bench/support/process_usage.hpp"

#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

namespace bench {

using namespace std::chrono_literals;

namespace {

constexpr auto message_prefix = std::string_view{"42[\"msg\",\""};

void join_room(client_pool& clients) {
  for (auto client = std::size_t{0}; client < clients.size(); ++client)
    clients.send(client, R"(420["join","room"])");
  auto joined = std::size_t{0};
  while (joined < clients.size())
    clients.poll(100ms, [&joined](std::size_t, std::string_view packet) {
      joined += packet.starts_with("43") ? 1 : 0;
    });
}

/// The broadcasts that are in flight in one room.
class broadcasts {
public:
  broadcasts(client_pool& clients, std::size_t padding)
    : clients_{clients},
      padding_(padding, 'x') {
  }

  void send() {
    ++sent_;
    auto now = std::to_string(static_cast<std::uint64_t>(now_us()));
    clients_.send(0, "42[\"bcast\",\"room\",\"" + now + '|' + padding_ + "\"]");
  }

  /// Counts a delivery, and sends the next message when one has reached every client.
  void on_packet(std::string_view packet) {
    constexpr auto sampled = std::uint64_t{16};
    if (! packet.starts_with(message_prefix))
      return;
    if (delivered_++ % sampled == 0)
      times_.add(age(packet));
    if (delivered_ / clients_.size() > complete_) {
      ++complete_;
      if (! stopping_)
        send();
    }
  }

  void stop() {
    stopping_ = true;
  }

  [[nodiscard]] std::uint64_t delivered() const {
    return delivered_;
  }

  [[nodiscard]] std::uint64_t missing() const {
    return sent_ * clients_.size() - delivered_;
  }

  latencies& times() {
    return times_;
  }

private:
  static double age(std::string_view packet) {
    packet.remove_prefix(message_prefix.size());
    auto sent_at = std::uint64_t{0};
    std::from_chars(packet.data(), packet.data() + packet.size(), sent_at);
    return now_us() - static_cast<double>(sent_at);
  }

  client_pool& clients_;
  std::string padding_;
  latencies times_;
  std::uint64_t sent_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t complete_ = 0;
  bool stopping_ = false;
};

} // namespace

int run_broadcast_mode(const load_settings& x) {
  constexpr auto drain_us = 10e6;
  client_pool clients{x.port, x.clients};
  clients.connect();
  join_room(clients);
  broadcasts room{clients, x.payload};
  auto on_text = [&room](std::size_t, std::string_view packet) { room.on_packet(packet); };
  auto before = usage_of(x.server_pid);
  auto start = now_us();
  for (auto n = std::size_t{0}; n < x.depth; ++n)
    room.send();
  while (now_us() < start + x.seconds * 1e6)
    clients.poll(10ms, on_text);
  auto measured = static_cast<double>(room.delivered());
  auto seconds = (now_us() - start) / 1e6;
  auto after = usage_of(x.server_pid);
  room.stop();
  for (auto end = now_us() + drain_us; room.missing() > 0 && now_us() < end;)
    clients.poll(10ms, on_text);
  auto cpu_us = measured > 0 ? (after.cpu_us - before.cpu_us) / measured : 0;
  print_line({{"mode", x.mode},
              {"clients", x.clients},
              {"window", x.depth},
              {"payload", x.payload},
              {"deliveries_per_s", rounded(measured / seconds, 0)},
              {"p50_us", rounded(room.times().percentile(0.5), 0)},
              {"p99_us", rounded(room.times().percentile(0.99), 0)},
              {"lost", room.missing()},
              {"server_cpu_us_per_delivery", rounded(cpu_us, 3)},
              {"server_thread_cpu_ms", thread_cpu_ms(before, after)}});
  return room.missing() > 0 ? 1 : 0;
}

} // namespace bench
