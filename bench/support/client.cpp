#include "bench/support/client.hpp"

#include "bench/support/client_frame.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr auto upgrade_request
  = std::string_view{"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                     "Host: 127.0.0.1\r\n"
                     "Upgrade: websocket\r\n"
                     "Connection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n"};

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

sockaddr_in loopback(std::uint32_t address, std::uint16_t port) {
  auto result = sockaddr_in{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(address);
  return result;
}

const sockaddr* generic(const sockaddr_in& x) {
  return reinterpret_cast<const sockaddr*>(&x);
}

/// An address for this run and this client, so that connections of an earlier run in TIME_WAIT take
/// no port away.
sockaddr_in source_of(std::size_t number) {
  constexpr auto first = 0x7f010000U;
  constexpr auto runs = 60'000U;
  constexpr auto addresses_per_run = 16U;
  constexpr auto clients_per_address = std::size_t{20'000};
  auto run = static_cast<std::uint32_t>(getpid()) % runs;
  return loopback(first + run * addresses_per_run + 1
                    + static_cast<std::uint32_t>(number / clients_per_address),
                  0);
}

} // namespace

client::client(std::uint16_t port, std::size_t number)
  : fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  if (fd_ < 0)
    fail("socket");
  auto on = 1;
  setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto source = source_of(number);
  auto target = loopback(INADDR_LOOPBACK, port);
  if (bind(fd_, generic(source), sizeof source) < 0
      || connect(fd_, generic(target), sizeof target) < 0 || fcntl(fd_, F_SETFL, O_NONBLOCK) < 0) {
    auto error = errno;
    close(fd_);
    errno = error;
    fail("connect");
  }
  send_frames(upgrade_request);
}

client::client(client&& other) noexcept
  : fd_{std::exchange(other.fd_, -1)},
    stage_{other.stage_},
    in_{std::move(other.in_)},
    out_{std::move(other.out_)} {
}

client::~client() {
  if (fd_ >= 0)
    close(fd_);
}

void client::send(std::string_view packet) {
  append_client_frame(out_, packet);
  flush();
}

void client::send_frames(std::string_view frames) {
  out_ += frames;
  flush();
}

void client::flush() {
  while (! out_.empty()) {
    auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN)
      return;
    if (sent < 0)
      fail("send");
    out_.erase(0, static_cast<std::size_t>(sent));
  }
}

void client::receive(const text_handler& on_text) {
  read_all();
  auto rest = std::string_view{in_};
  if (stage_ == stage::upgrading && ! read_upgrade(rest))
    return;
  while (auto frame = take_server_frame(rest)) {
    if (frame->type == server_frame::kind::close)
      throw std::runtime_error{"the server sent a close frame"};
    if (frame->type == server_frame::kind::text && ! frame->payload.empty())
      take(frame->payload, on_text);
  }
  in_.erase(0, in_.size() - rest.size());
}

void client::read_all() {
  static thread_local std::array<char, 1 << 18> buffer;
  for (;;) {
    auto got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN)
      return;
    if (got < 0)
      fail("recv");
    if (got == 0)
      throw std::runtime_error{"the server closed a connection"};
    in_.append(buffer.data(), static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < buffer.size())
      return;
  }
}

bool client::read_upgrade(std::string_view& rest) {
  constexpr auto blank_line = std::string_view{"\r\n\r\n"};
  auto end = rest.find(blank_line);
  if (end == std::string_view::npos)
    return false;
  if (! rest.starts_with("HTTP/1.1 101"))
    throw std::runtime_error{"no upgrade: " + std::string{rest.substr(0, 200)}};
  rest.remove_prefix(end + blank_line.size());
  stage_ = stage::opening;
  return true;
}

void client::take(std::string_view packet, const text_handler& on_text) {
  if (packet == "2") {
    send("3");
  } else if (stage_ == stage::opening && packet.starts_with('0')) {
    stage_ = stage::joining;
    send("40");
  } else if (stage_ == stage::joining && packet.starts_with("40")) {
    stage_ = stage::joined;
  } else {
    on_text(packet);
  }
}

} // namespace bench
