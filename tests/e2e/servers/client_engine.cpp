// The server that the official suite of engine.io-client presupposes.

#include "actors/runtime/coroutines.hpp"
#include "net/engine/session.hpp"
#include "net/server.hpp"
#include "schema/json.hpp"
#include "tests/e2e/servers/arguments.hpp"

#include <boost/asio/signal_set.hpp>

#include <future>
#include <iostream>

namespace {

using namespace atrium;

/// Greets, echoes, and answers a few wishes.
class greeter final : public net::engine::session_handler {
public:
  explicit greeter(net::engine::session& client) : client_{client} {
    send_text("hi");
  }

  void on_text(std::string_view text) override {
    using namespace std::string_view_literals;
    if (text == "give binary")
      send(make_frame_part("\0\1\2\3\4"sv, true));
    else if (text == "give utf8")
      send_text("пойду спать всем спокойной ночи");
    else if (text == "sendHeaders")
      send_text(headers_of_now());
    else
      send_text(text);
  }

  void on_binary(std::string_view bytes) override {
    send(make_frame_part(bytes, true));
  }

  void on_close(actors::close_reason, std::string_view) override {
  }

private:
  std::string headers_of_now() const {
    json::object out;
    if (auto* post = client_.post())
      for (std::size_t i = 0; i < post->headers.size(); ++i)
        out[post->headers.at(i).name] = post->headers.at(i).value;
    return json::serialize(out);
  }

  void send_text(std::string_view text) {
    send(make_frame_part(std::string{'4'}.append(text), false));
  }

  void send(frame_part part) {
    auto x = std::make_shared<frame>();
    x->head = std::move(part);
    client_.put(std::move(x));
  }

  net::engine::session& client_;
};

void add_cookies(net::header_list& headers, const net::request_info&) {
  for (auto* cookie : {"1=1; Max-Age=86400", "2=2; Path=/; HttpOnly; Secure; SameSite=Strict",
                       "3=3; Max-Age=0", "4=4; Expires=Fri, 20 Nov 2026 00:00:00 GMT"})
    headers.emplace_back("Set-Cookie", cookie);
}

boost::asio::awaitable<net::engine::admission> unless_denied(const net::request_info& x) {
  net::engine::admission result;
  result.allowed = ! x.query.find("deny");
  co_return result;
}

boost::asio::awaitable<void> close(net::server& server, std::promise<void>& closed) {
  co_await server.close(std::chrono::seconds{2});
  closed.set_value();
}

net::routes make_routes() {
  net::engine_route engine;
  engine.options.ping_interval = std::chrono::milliseconds{500};
  engine.options.max_http_buffer_bytes = 100;
  engine.options.allow_request = unless_denied;
  engine.options.initial_headers = add_cookies;
  engine.accept = [](net::engine::session& client) { return std::make_unique<greeter>(client); };
  net::routes result;
  result.engines.push_back(std::move(engine));
  return result;
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
  net::listen_options listen;
  listen.port = args.port;
  net::server server{system, std::move(listen), make_routes()};
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
