#pragma once

#include "actors/runtime/coroutines.hpp"
#include "net/engine/session.hpp"
#include "net/engine/wire.hpp"
#include "net/server.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <catch2/catch.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace engine = net::engine;

/// Where a polling session begins.
inline const std::string polling = "/engine.io/?EIO=4&transport=polling";

/// What happened to sessions, in order; filled by workers, read by the test.
class event_log {
public:
  void add(std::string x) {
    std::lock_guard guard{mutex_};
    events_.push_back(std::move(x));
    changed_.notify_all();
  }

  /// The next event, or what was missing.
  std::string next() {
    std::unique_lock guard{mutex_};
    if (! changed_.wait_for(guard, std::chrono::seconds{10}, [this] { return ! events_.empty(); }))
      return "nothing happened";
    auto out = std::move(events_.front());
    events_.pop_front();
    return out;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> events_;
};

/// A real server on real workers and a free port, whose sessions echo what they get. The text
/// "close" closes the session, "throw" throws, "pause" stops reading, "flood" puts more than any
/// outbox may hold, "long" answers with 5,000 letters, and what begins with "plain" is not to be
/// compressed.
class server_rig {
public:
  explicit server_rig(std::size_t workers = 1, engine::options x = {}, net::routes table = {},
                      net::http_limits limits = {},
                      std::function<void(engine::session&)> on_open = {},
                      std::optional<net::tls_options> tls = {})
    : system{options(workers)},
      server{system, listen(limits, std::move(tls)),
             with_echo(std::move(table), x, std::move(on_open))} {
    REQUIRE(server.start());
  }

  ~server_rig() {
    close();
  }

  /// Closes the server; whether nothing is left.
  bool close() {
    std::promise<void> done;
    system.post(0, [&] { runtime::spawn(system.at(0), close_server(done), "close"); });
    done.get_future().wait();
    return server.connections() == 0 && server.sessions() == 0;
  }

  /// Lets the session go on that was paused last.
  void wake() {
    system.post(0, [this] {
      events.add("resumed");
      if (paused_)
        paused_->pause_input(false);
      paused_ = nullptr;
    });
  }

  event_log events;
  runtime::system system;
  net::server server;

private:
  class echo final : public engine::session_handler {
  public:
    echo(engine::session& client, server_rig& rig)
      : client_{client},
        rig_{rig},
        events_{rig.events} {
    }
    void on_text(std::string_view x) override {
      if (x == "close")
        return client_.close(actors::close_reason::forced_close, actors::close_mode::flush);
      if (x == "throw")
        throw std::runtime_error{"as asked"};
      if (x == "flood")
        return flood();
      if (x == "pause")
        return pause();
      if (x == "long")
        return client_.put(engine::text_frame("4" + std::string(5000, 'x')));
      auto out = std::make_shared<frame>();
      out->head = make_frame_part("4" + std::string{x}, false);
      out->compress = ! x.starts_with("plain");
      client_.put(std::move(out));
    }
    void on_binary(std::string_view x) override {
      auto out = std::make_shared<frame>();
      out->head = make_frame_part(x, true);
      client_.put(std::move(out));
    }
    void on_upgrade() override {
      events_.add("upgraded");
    }
    void on_close(actors::close_reason why, std::string_view description) override {
      events_.add(std::string{to_string(why)}
                  + (description.empty() ? "" : ": " + std::string{description}));
    }

  private:
    void pause() {
      rig_.paused_ = &client_;
      client_.pause_input(true);
      events_.add("paused");
    }

    void flood() {
      auto x = engine::text_frame("4" + std::string(1 << 20, 'x'));
      for (auto i = 0; i < 64; ++i)
        client_.put(x);
    }

    engine::session& client_;
    server_rig& rig_;
    event_log& events_;
  };

  static runtime::system_options options(std::size_t workers) {
    runtime::system_options x;
    x.workers = workers;
    return x;
  }

  static net::listen_options listen(net::http_limits limits, std::optional<net::tls_options> tls) {
    net::listen_options x;
    x.tls = std::move(tls);
    x.http = limits;
    return x;
  }

  net::routes
  with_echo(net::routes table, engine::options x, std::function<void(engine::session&)> on_open) {
    net::engine_route route;
    route.options = std::move(x);
    route.accept = [this, on_open = std::move(on_open)](engine::session& client) {
      if (on_open)
        on_open(client);
      return std::make_unique<echo>(client, *this);
    };
    table.engines.push_back(std::move(route));
    return table;
  }

  asio::awaitable<void> close_server(std::promise<void>& done) {
    co_await server.close(std::chrono::seconds{5});
    done.set_value();
  }

  engine::session* paused_ = nullptr; // used on worker 0
};

/// A blocking TCP client.
class tcp_client {
public:
  explicit tcp_client(const server_rig& rig) {
    socket.connect({asio::ip::make_address("127.0.0.1"), rig.server.port()});
    timeval limit{10, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }

  void write(std::string_view bytes) {
    asio::write(socket, asio::buffer(bytes));
  }

  /// One answer with its body, as `status body`; empty when the connection ends instead.
  std::string answer(bool with_body = true) {
    boost::system::error_code ec;
    auto n = asio::read_until(socket, asio::dynamic_buffer(buffer_), "\r\n\r\n", ec);
    if (ec)
      return {};
    head = buffer_.substr(0, n);
    buffer_.erase(0, n);
    std::size_t length = 0;
    if (auto at = head.find("Content-Length: "); with_body && at != head.npos)
      length = std::stoul(head.substr(at + 16));
    if (buffer_.size() < length)
      asio::read(socket, asio::dynamic_buffer(buffer_),
                 asio::transfer_exactly(length - buffer_.size()), ec);
    auto out = head.substr(9, 3) + " " + buffer_.substr(0, length);
    buffer_.erase(0, length);
    return out;
  }

  std::string get(std::string_view target) {
    write("GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return answer();
  }

  std::string post(std::string_view target, std::string_view body) {
    write("POST " + std::string{target} + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
          + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
    return answer();
  }

  /// Whether the server ends the connection without another byte.
  bool ended() {
    boost::system::error_code ec;
    char byte = 0;
    return buffer_.empty() && socket.read_some(asio::buffer(&byte, 1), ec) == 0 && ec
           && ec != asio::error::would_block;
  }

  asio::io_context io;
  asio::ip::tcp::socket socket{io};
  /// Status line and headers of the last answer.
  std::string head;

private:
  std::string buffer_;
};

/// The session id in an open packet.
inline std::string sid_of(std::string_view answer) {
  auto at = answer.find("\"sid\":\"");
  return at == answer.npos ? std::string{} : std::string{answer.substr(at + 7, 20)};
}

/// A blocking WebSocket client.
class websocket_client {
public:
  explicit websocket_client(const server_rig& rig, const std::string& query = {}) : tcp{rig} {
    socket.handshake("localhost", "/engine.io/?EIO=4&transport=websocket" + query);
  }

  std::string read() {
    beast::flat_buffer buffer;
    beast::error_code ec;
    socket.read(buffer, ec);
    return ec ? "error: " + ec.message() : beast::buffers_to_string(buffer.data());
  }

  void write(std::string_view text) {
    socket.write(asio::buffer(text));
  }

  tcp_client tcp;
  beast::websocket::stream<asio::ip::tcp::socket&> socket{tcp.socket};
};

} // namespace atrium::test
