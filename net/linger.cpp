#include "net/linger.hpp"

#include "actors/runtime/sleep.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace atrium::net {

asio::awaitable<void> linger(tcp::socket& socket, const outbox* out) {
  constexpr std::chrono::milliseconds look_again{10};
  while (out && ! out->empty() && socket.is_open())
    co_await runtime::sleep(look_again);
  boost::system::error_code ec;
  socket.shutdown(tcp::socket::shutdown_send, ec);
  std::array<char, 512> ignored{};
  while (! ec) {
    auto [error, n]
      = co_await socket.async_read_some(asio::buffer(ignored), asio::as_tuple(asio::use_awaitable));
    ec = error;
  }
}

} // namespace atrium::net
