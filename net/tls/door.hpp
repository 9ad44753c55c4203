#pragma once

#include "actors/runtime/timer_wheel.hpp"
#include "net/core.hpp"
#include "net/peer.hpp"
#include "net/tls/stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <string>

namespace atrium::net {

/// A TCP connection with TLS, on the worker that accepted it. After the handshake it relays between
/// the peer and one end of a pair of local sockets; the other end is an ordinary plain connection
/// to everything behind, which moves among the workers, writes and closes as if it were the peer's.
/// What is on its way is bounded by the buffers of the sockets and one record each way; the end of
/// either side reaches the other behind all that was sent before.
class tls_door final : public peer, public std::enable_shared_from_this<tls_door> {
public:
  using tcp = boost::asio::ip::tcp;

  tls_door(std::shared_ptr<shard> place, tcp::socket socket, tcp::endpoint remote);
  tls_door(const tls_door&) = delete;
  tls_door& operator=(const tls_door&) = delete;
  ~tls_door();

  void start();

  // -- peer ------------------------------------------------------------------------------

  void abort() noexcept override;
  void retire() noexcept override;

private:
  /// What a relay waits for.
  enum class need : std::uint8_t {
    outer_readable,
    outer_writable,
    inner_readable,
    inner_writable,
    /// Nothing, but others have their turn first.
    turn,
    /// Nothing more: this direction has ended.
    end,
  };
  struct deadline final : runtime::timer_wheel::entry {
    explicit deadline(tls_door& x) noexcept : owner{x} {
    }
    void fire() override;
    tls_door& owner;
  };

  static boost::asio::awaitable<void> run(std::shared_ptr<tls_door> self);
  static boost::asio::awaitable<void> relay_in(std::shared_ptr<tls_door> self);
  static boost::asio::awaitable<void> relay_out(std::shared_ptr<tls_door> self);
  boost::asio::awaitable<bool> shake_hands();
  void count_failure();
  boost::asio::awaitable<void> send_away();
  boost::asio::awaitable<bool> wait(need x);
  bool open();
  need pump_in();
  need pump_out();
  need say_goodbye();
  bool send_inside(std::string_view bytes);
  void arm(std::chrono::milliseconds after);

  std::shared_ptr<shard> shard_;
  tcp::socket outer_;
  tcp::endpoint remote_;
  tls_stream tls_;
  boost::asio::local::stream_protocol::socket inner_;
  std::string in_;  // read from the peer and not taken inside
  std::string out_; // read from inside and not taken by the peer
  deadline deadline_{*this};
  bool open_ = false;
  bool late_ = false;
  bool out_ended_ = false;
  bool inner_closed_ = false;
};

} // namespace atrium::net
