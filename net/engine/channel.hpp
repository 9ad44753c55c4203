#pragma once

#include "net/core.hpp"
#include "net/engine/session_port.hpp"
#include "net/http/head.hpp"
#include "net/outbox_stream.hpp"
#include "net/peer.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <array>
#include <memory>
#include <string>

namespace atrium::net::engine {

class live_session;

/// One WebSocket: a coroutine that reads and tells the session, and an outbox. Outlives its part in
/// a session by the time that the closing handshake takes, at most
/// `options::websocket_close_timeout`.
class channel final : public peer, public std::enable_shared_from_this<channel> {
public:
  channel(std::shared_ptr<shard> place, const options& x, tcp::socket socket);
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;
  ~channel();

  /// Answers the handshake with `headers` added to the 101, then reads until the end. @param
  /// request has passed `verify_websocket`. @param session opened once the 101 is on its way, or if
  /// it stands already, the one to upgrade.
  void start(std::unique_ptr<raw_request> request, header_list headers,
             std::shared_ptr<live_session> session, bool is_new);

  /// Sends a frame behind what was put before.
  void put(frame_ptr x) {
    if (compresses_)
      put_compressed(std::move(x));
    else
      out().put(std::move(x));
  }

  /// The session has taken this up as its channel `id`.
  void join(std::shared_ptr<session> session, channel_id id) noexcept;

  /// Reads on after `session_machine::paused`.
  void resume() noexcept;

  /// Sends a close frame without a status and leaves the session; the socket ends soon after.
  void close();

  outbox& out() noexcept {
    return socket_.next_layer().out();
  }
  [[nodiscard]] const outbox& out() const noexcept {
    return socket_.next_layer().out();
  }

  void abort() noexcept override;
  void retire() noexcept override;

private:
  struct deadline final : runtime::timer_wheel::entry {
    explicit deadline(channel& x) noexcept : owner{x} {
    }
    void fire() override {
      owner.abort();
    }
    channel& owner;
  };

  static asio::awaitable<void>
  run(std::shared_ptr<channel> self, std::unique_ptr<raw_request> request, header_list headers,
      std::shared_ptr<live_session> session, bool is_new);
  asio::awaitable<bool> accept(std::unique_ptr<raw_request> request, header_list headers);
  void offer_compression();
  void agreed(const beast::websocket::response_type& answer);
  void put_compressed(frame_ptr x);
  void put_compressed(const frame_part& x);
  asio::awaitable<void> wait_while_paused();
  asio::awaitable<void> finish();
  [[nodiscard]] bool paused() const noexcept;
  asio::mutable_buffer space();
  void received(std::size_t bytes);
  void deliver(std::string_view message);
  void ended(beast::error_code ec);
  tcp::socket& tcp_socket() noexcept;

  std::shared_ptr<shard> shard_;
  const options& options_;
  beast::websocket::stream<outbox_stream, true> socket_;
  std::shared_ptr<live_session> session_; // while it is part of one
  channel_id id_ = 0;
  bool closing_ = false;
  bool waiting_ = false; // for `resume`
  bool compresses_ = false;
  bool compresses_short_ = false; // messages too
  deadline deadline_{*this};
  // A message that fits is read here; a longer one is collected in `long_message_`.
  std::array<char, 256> short_message_{};
  std::string long_message_;
  std::size_t filled_ = 0;
};

} // namespace atrium::net::engine
