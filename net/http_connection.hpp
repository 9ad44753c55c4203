#pragma once

#include "actors/runtime/timer_wheel.hpp"
#include "net/core.hpp"
#include "net/engine/live_session.hpp"
#include "net/http/head.hpp"
#include "net/peer.hpp"
#include "net/remote_peer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace atrium::net {

namespace asio = boost::asio;

/// One TCP connection while it speaks HTTP: reads requests, one after the other, and has each
/// answered. It moves to another worker between requests when a request belongs to a session there,
/// and ends when its socket becomes a WebSocket.
class http_connection final : public peer,
                              public engine::requester,
                              public std::enable_shared_from_this<http_connection> {
public:
  using tcp = asio::ip::tcp;
  using header_parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

  /// What becomes of the connection after a request.
  enum class fate : std::uint8_t {
    /// It reads the next request.
    next,
    /// It ends.
    close,
    /// Its socket belongs to somebody else now.
    gone,
  };
  enum class body_state : std::uint8_t { complete, too_large, aborted };

  http_connection(std::shared_ptr<shard> place, tcp::socket socket, remote_peer remote);
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;
  ~http_connection();

  void start();

  // -- for those who answer requests ---------------------------------------------------

  [[nodiscard]] shard& place() const noexcept {
    return *shard_;
  }
  [[nodiscard]] const std::shared_ptr<shard>& shared_place() const noexcept {
    return shard_;
  }
  request_info& request() noexcept {
    return request_;
  }
  [[nodiscard]] const request_info& request() const noexcept override {
    return request_;
  }
  /// Whether a handshake was brought to this worker because it shall be opened here.
  [[nodiscard]] bool placed() const noexcept {
    return placed_;
  }

  /// What is added to the headers of the answer to this request.
  header_list& more_headers() noexcept {
    return more_headers_;
  }

  /// Reads the body of the request.
  asio::awaitable<body_state> read_body(std::size_t bytes_max, std::string& out);

  /// Waits for `answer` or `drop`. @returns the answer; absent if the peer went away or was
  /// dropped.
  asio::awaitable<std::optional<http_response>> wait_for_answer();

  /// Writes an answer. @returns what comes then.
  asio::awaitable<fate> write(http_response x);

  /// Continues on another worker with the request that was just read. @param placed see `placed()`.
  fate move_to(unsigned worker, bool placed);

  /// Gives the socket and the raw request away, to a WebSocket. @pre `! has_early_bytes()`
  tcp::socket take_socket();
  std::unique_ptr<raw_request> take_raw_request();
  [[nodiscard]] bool has_early_bytes() const noexcept {
    return buffer_.size() != 0;
  }

  // -- requester -------------------------------------------------------------------------

  void answer(http_response x) override;
  void drop() override;
  [[nodiscard]] std::optional<std::chrono::milliseconds> age() noexcept override;

  // -- peer ------------------------------------------------------------------------------

  void abort() noexcept override;
  void retire() noexcept override;

private:
  struct deadline final : runtime::timer_wheel::entry {
    explicit deadline(http_connection& x) noexcept : owner{x} {
    }
    void fire() override;
    http_connection& owner;
  };

  static asio::awaitable<void> run(std::shared_ptr<http_connection> self);
  asio::awaitable<bool> read_head();
  asio::awaitable<void> refuse(boost::beast::error_code why);
  asio::awaitable<fate> serve();
  asio::awaitable<fate> apologize(std::exception_ptr why);
  asio::awaitable<fate> serve_page(const http_route& route);
  /// Reads and ignores until the peer ends the connection or rests too long.
  asio::awaitable<void> wait_for_peer();
  void arm(std::chrono::milliseconds after);

  std::shared_ptr<shard> shard_;
  tcp::socket socket_;
  remote_peer remote_;
  boost::beast::flat_buffer buffer_;
  std::unique_ptr<header_parser> parser_;
  request_info request_;
  header_list more_headers_;
  std::optional<http_response> answer_;
  deadline deadline_{*this};
  bool placed_ = false;
  bool has_request_ = false; // brought from another worker
  bool first_ = true;
  bool keep_alive_ = false;
  bool whole_ = false;   // the request has been read to its end
  bool busy_ = false;    // with a request
  bool waiting_ = false; // for an answer
  bool dropped_ = false;
  bool timed_out_ = false;
};

} // namespace atrium::net
