#include "bench/support/ack_loop.hpp"
#include "bench/support/client_frame.hpp"
#include "bench/support/json_line.hpp"
#include "bench/support/load_modes.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

namespace bench {

using namespace std::chrono_literals;

namespace {

constexpr auto flooders = std::size_t{4};

/// Four clients on a thread of their own that send without waiting for answers, but read them, so
/// that the server has no reason to disconnect them. Stops when destroyed.
class flood {
public:
  flood(std::uint16_t port, std::size_t padding, std::size_t first_number)
    : clients_{port, flooders, first_number} {
    constexpr auto echoes_in_block = 64;
    auto packet = "420[\"echo\",\"" + std::string(padding, 'x') + "\"]";
    for (auto n = 0; n < echoes_in_block; ++n)
      append_client_frame(block_, packet);
    clients_.connect();
    thread_ = std::thread{[this] { run(); }};
  }
  flood(const flood&) = delete;
  flood& operator=(const flood&) = delete;

  ~flood() {
    if (thread_.joinable())
      stop();
  }

  /// Ends the thread; throws what ended it before.
  void finish() {
    stop();
    if (failure_)
      std::rethrow_exception(failure_);
  }

  [[nodiscard]] std::uint64_t acks() const {
    return acks_.load(std::memory_order_relaxed);
  }

private:
  void stop() {
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

  void run() {
    auto on_text = [this](std::size_t, std::string_view packet) {
      if (packet.starts_with("43"))
        acks_.fetch_add(1, std::memory_order_relaxed);
    };
    try {
      while (! stopping_.load(std::memory_order_relaxed)) {
        for (auto client = std::size_t{0}; client < flooders; ++client)
          clients_.saturate(client, block_);
        clients_.poll(10ms, on_text);
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  client_pool clients_;
  std::string block_;
  std::atomic<std::uint64_t> acks_{0};
  std::atomic<bool> stopping_{false};
  std::exception_ptr failure_;
  std::thread thread_;
};

} // namespace

int run_flood_mode(const load_settings& x) {
  client_pool clients{x.port, x.clients};
  clients.connect();
  echo_conversation echoes{x.payload};
  auto quiet = run_ack_loop(clients, echoes, {x.depth, x.seconds / 4, x.server_pid});
  flood others{x.port, x.payload, x.clients};
  auto start = now_us();
  auto beside = run_ack_loop(clients, echoes, {x.depth, x.seconds, x.server_pid});
  auto flood_acks_per_s = static_cast<double>(others.acks()) / (now_us() - start) * 1e6;
  others.finish();
  auto lost = quiet.lost + beside.lost;
  print_line({{"mode", x.mode},
              {"clients", x.clients},
              {"depth", x.depth},
              {"payload", x.payload},
              {"flooders", flooders},
              {"flood_acks_per_s", rounded(flood_acks_per_s, 0)},
              {"acks_per_s", rounded(beside.acks_per_second, 0)},
              {"p50_us", rounded(beside.times.percentile(0.5), 0)},
              {"p99_us", rounded(beside.times.percentile(0.99), 0)},
              {"p999_us", rounded(beside.times.percentile(0.999), 0)},
              {"quiet_p50_us", rounded(quiet.times.percentile(0.5), 0)},
              {"quiet_p99_us", rounded(quiet.times.percentile(0.99), 0)},
              {"lost", lost}});
  return lost > 0 ? 1 : 0;
}

} // namespace bench
