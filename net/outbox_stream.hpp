#pragma once

#include "net/outbox.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>

#include <string>
#include <utility>

namespace atrium::net {

namespace beast = boost::beast;

/// What stands between Beast's `websocket::stream` and a TCP socket. Reads pass through; each write
/// is taken whole into the outbox and completed, so that frames that Beast writes by itself (pong,
/// close) and frames that many receivers share never interleave. After a close frame nothing more
/// is taken.
class outbox_stream {
public:
  using executor_type = tcp::socket::executor_type;
  using next_layer_type = tcp::socket;

  outbox_stream(tcp::socket socket, runtime::worker& home, const engine::outbox_limits& limits,
                traffic& counts)
    : socket_{std::move(socket)},
      outbox_{socket_, home, limits, counts} {
  }
  outbox_stream(const outbox_stream&) = delete;
  outbox_stream& operator=(const outbox_stream&) = delete;

  executor_type get_executor() noexcept {
    return socket_.get_executor();
  }
  tcp::socket& next_layer() noexcept {
    return socket_;
  }
  [[nodiscard]] const tcp::socket& next_layer() const noexcept {
    return socket_;
  }
  outbox& out() noexcept {
    return outbox_;
  }
  [[nodiscard]] const outbox& out() const noexcept {
    return outbox_;
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }

  // Beast reads by coroutines only, but its synchronous writes want both.
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, beast::error_code& ec) {
    return socket_.read_some(buffers, ec);
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    return socket_.read_some(buffers);
  }

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, beast::error_code& ec) {
    ec = {};
    return take(buffers);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    return take(buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(beast::error_code, std::size_t)>(
      [this](auto handler, const Buffers& xs) {
        auto n = take(xs);
        asio::post(get_executor(), [handler = std::move(handler), n]() mutable {
          std::move(handler)(beast::error_code{}, n);
        });
      },
      token, buffers);
  }

private:
  template <class Buffers>
  std::size_t take(const Buffers& buffers) {
    std::string bytes;
    bytes.reserve(asio::buffer_size(buffers));
    for (auto i = asio::buffer_sequence_begin(buffers); i != asio::buffer_sequence_end(buffers);
         ++i)
      bytes.append(static_cast<const char*>(asio::const_buffer{*i}.data()),
                   asio::const_buffer{*i}.size());
    constexpr char close_frame = '\x88';
    auto is_close = bytes.starts_with(close_frame);
    auto n = bytes.size();
    outbox_.put_bytes(std::move(bytes));
    if (is_close)
      outbox_.seal();
    return n;
  }

  tcp::socket socket_;
  outbox outbox_;
};

/// Beast queues its close frame and tears down at once, so what waits goes out first. The end of
/// the TCP connection itself is left to the owner, who gives a slow reader time to take the last
/// frames.
inline void teardown(beast::role_type, outbox_stream& x, beast::error_code& ec) {
  x.out().write();
  ec = {};
}

/// As `teardown`.
template <class Handler>
void async_teardown(beast::role_type, outbox_stream& x, Handler&& handler) {
  x.out().write();
  asio::post(x.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
    std::move(handler)(beast::error_code{});
  });
}

} // namespace atrium::net
