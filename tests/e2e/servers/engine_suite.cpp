// What the official Engine.IO conformance suite runs against: echoes every message to its sender.

#include "actors/runtime/coroutines.hpp"
#include "net/engine/session.hpp"
#include "net/server.hpp"
#include "tests/e2e/servers/arguments.hpp"

#include <boost/asio/signal_set.hpp>

#include <future>
#include <iostream>

namespace {

using namespace atrium;

class echo final : public net::engine::session_handler {
public:
  explicit echo(net::engine::session& client) : client_{client} {
  }

  void on_text(std::string_view text) override {
    send(make_frame_part(std::string{'4'}.append(text), false));
  }

  void on_binary(std::string_view bytes) override {
    send(make_frame_part(bytes, true));
  }

  void on_close(actors::close_reason, std::string_view) override {
  }

private:
  void send(frame_part part) {
    auto x = std::make_shared<frame>();
    x->head = std::move(part);
    client_.put(std::move(x));
  }

  net::engine::session& client_;
};

boost::asio::awaitable<void> close(net::server& server, std::promise<void>& closed) {
  co_await server.close(std::chrono::seconds{2});
  closed.set_value();
}

} // namespace

int main(int argc, char** argv) {
  e2e::arguments args{argc, argv};
  runtime::system_options options;
  options.workers = args.workers;
  options.each.on_error = [](std::string_view where, std::string_view what) {
    std::cerr << where << ": " << what << '\n';
  };
  runtime::system system{std::move(options)};

  net::engine_route engine;
  engine.options.ping_interval = args.ping_interval;
  engine.options.ping_timeout = args.ping_timeout;
  engine.options.allow_eio3 = args.eio3;
  engine.options.cors.emplace();
  engine.accept = [](net::engine::session& client) { return std::make_unique<echo>(client); };
  net::routes table;
  table.engines.push_back(std::move(engine));
  net::listen_options listen;
  listen.port = args.port;
  net::server server{system, std::move(listen), std::move(table)};
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
  system.post(0, [&] { runtime::spawn(system.at(0), close(server, closed), "close"); });
  closed.get_future().wait();
  return 0;
}
