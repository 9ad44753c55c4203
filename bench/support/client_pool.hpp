#pragma once

#include "bench/support/client.hpp"
#include "bench/support/latencies.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace bench {

/// Many clients of one server on one thread, in an epoll loop that does as little as it can, so
/// that the server is the bottleneck.
class client_pool {
public:
  /// Is given each packet that a client got; the text is valid during the call.
  using text_handler = std::function<void(std::size_t client, std::string_view packet)>;

  /// @param first_number of the clients, when a program has several pools.
  client_pool(std::uint16_t port, std::size_t clients, std::size_t first_number = 0);
  client_pool(const client_pool&) = delete;
  client_pool& operator=(const client_pool&) = delete;
  ~client_pool();

  /// Connects all and waits until each has joined the namespace, at most 256 handshakes in flight.
  /// @returns how long each took, from dialing on.
  latencies connect();

  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

  /// Sends one packet, its digit included. @pre connected
  void send(std::size_t client, std::string_view packet);

  /// Sends encoded frames as fast as the client's socket takes them: `frames` again and again until
  /// it takes no more. @pre connected
  void saturate(std::size_t client, std::string_view frames);

  /// Waits for events and handles them.
  void poll(std::chrono::milliseconds patience, const text_handler& on_text);

private:
  void dial();
  void watch(std::size_t client, bool writing);

  std::uint16_t port_;
  std::size_t size_;
  std::size_t first_number_;
  int epoll_;
  std::vector<bench::client> clients_;
  std::vector<bool> writing_;
};

} // namespace bench
