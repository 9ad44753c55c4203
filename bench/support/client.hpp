#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bench {

/// One Socket.IO client over WebSocket to a server on this machine. Joins the namespace `/` by
/// itself and answers pings. It never blocks, except while TCP connects. Throws when the server
/// ends the connection.
class client {
public:
  /// Is given each Engine.IO packet but pings, its digit included; the text is valid during the
  /// call.
  using text_handler = std::function<void(std::string_view packet)>;

  /// Connects and asks for the upgrade. `number` spreads many clients over the addresses of the
  /// loopback network, because one address has ports for some 28,000 only.
  client(std::uint16_t port, std::size_t number);
  client(client&& other) noexcept;
  client& operator=(client&&) = delete;
  ~client();

  /// What epoll should watch.
  [[nodiscard]] int descriptor() const noexcept {
    return fd_;
  }

  /// Whether the server has let it into the namespace.
  [[nodiscard]] bool joined() const noexcept {
    return stage_ == stage::joined;
  }

  /// Whether bytes wait until the socket can take them; then `flush` must be called.
  [[nodiscard]] bool congested() const noexcept {
    return ! out_.empty();
  }

  /// Sends one packet, its digit included.
  void send(std::string_view packet);

  /// Sends frames that were encoded before.
  void send_frames(std::string_view frames);

  /// Writes what waits, as far as the socket takes it.
  void flush();

  /// Reads what is there.
  void receive(const text_handler& on_text);

private:
  enum class stage : std::uint8_t { upgrading, opening, joining, joined };

  void read_all();
  bool read_upgrade(std::string_view& rest);
  void take(std::string_view packet, const text_handler& on_text);

  int fd_;
  stage stage_ = stage::upgrading;
  std::string in_;
  std::string out_;
};

} // namespace bench
