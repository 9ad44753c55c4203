#pragma once

#include "actors/runtime/coroutines.hpp"
#include "net/engine/session.hpp"
#include "net/engine/session_handler.hpp"
#include "net/server.hpp"
#include "tests/e2e/servers/arguments.hpp"

#include <boost/asio/signal_set.hpp>

#include <future>
#include <iostream>

namespace e2e {

/// A handler that sends messages to its client.
class sending_handler : public atrium::net::engine::session_handler {
public:
  void on_close(atrium::actors::close_reason, std::string_view) override {
  }

protected:
  explicit sending_handler(atrium::net::engine::session& client) : client_{client} {
  }

  void send_text(std::string_view text) {
    send(atrium::make_frame_part(std::string{'4'}.append(text), false));
  }

  void send_binary(std::string_view bytes) {
    send(atrium::make_frame_part(bytes, true));
  }

  atrium::net::engine::session& client_;

private:
  void send(atrium::frame_part part) {
    auto x = std::make_shared<atrium::frame>();
    x->head = std::move(part);
    client_.put(std::move(x));
  }
};

inline boost::asio::awaitable<void> close(atrium::net::server& server, std::promise<void>& closed) {
  co_await server.close(std::chrono::seconds{2});
  closed.set_value();
}

/// Serves an Engine.IO endpoint, says so on standard output, and goes on until SIGTERM. @returns
/// the exit code.
inline int serve(atrium::net::engine_route endpoint, const arguments& args) {
  atrium::runtime::system_options options;
  options.workers = args.workers;
  options.each.on_error = [](std::string_view where, std::string_view what) {
    std::cerr << where << ": " << what << '\n';
  };
  atrium::runtime::system system{std::move(options)};
  atrium::net::routes table;
  table.engines.push_back(std::move(endpoint));
  atrium::net::listen_options listen;
  listen.port = args.port;
  atrium::net::server server{system, std::move(listen), std::move(table)};
  if (auto started = server.start(); ! started) {
    std::cerr << "cannot listen: " << started.error().message() << '\n';
    return 1;
  }
  std::cout << "listening on " << server.port() << std::endl;

  boost::asio::io_context signals;
  boost::asio::signal_set stop{signals, SIGINT, SIGTERM};
  stop.async_wait([](const auto&, int) {});
  signals.run();

  std::promise<void> closed;
  system.post(0, [&] { atrium::runtime::spawn(system.at(0), close(server, closed), "close"); });
  closed.get_future().wait();
  return 0;
}

} // namespace e2e
