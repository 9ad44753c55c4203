#pragma once

#include "api/server.hpp"
#include "tests/api/fake_session.hpp"
#include "tests/support/actor_fixture.hpp"

#include <list>
#include <memory>

namespace atrium::test {

using lines = std::vector<std::string>;

/// A Socket.IO server on simulated workers, with clients whose engine sessions are fakes.
class api_fixture : public actor_fixture {
public:
  struct client {
    explicit client(runtime::worker& home) : link{home} {
    }
    void send(std::string_view text) {
      handler->on_text(text);
    }
    void gone(actors::close_reason why) {
      link.closed = to_string(why);
      handler->on_close(why, {});
      handler.reset();
    }

    fake_session link;
    std::unique_ptr<net::engine::session_handler> handler;
  };

  explicit api_fixture(api::server_options options = {}, std::size_t workers = 1)
    : actor_fixture{workers},
      io{runtime, std::move(options)} {
  }

  ~api_fixture() {
    for (auto& x : clients)
      if (x.handler)
        x.gone(actors::close_reason::transport_close);
    start(io.close());
  }

  /// A link on a worker, which has joined nothing.
  client& open(std::size_t worker = 0) {
    auto& x = clients.emplace_back(runtime.at(worker));
    x.handler = io.route().accept(x.link);
    return x;
  }

  /// A link that has joined the main namespace; what it was sent so far is taken.
  client& connect(std::size_t worker = 0) {
    auto& x = open(worker);
    on(x, "0");
    x.link.take();
    return x;
  }

  /// Lets the client send, on its worker, and runs until all rests.
  void on(client& x, std::string_view text) {
    x.link.home().post([&x, text = std::string{text}] { x.send(text); });
    run();
  }

  /// The value of a metric, by name and labels; "absent" if there is none.
  std::string metric(const std::string& name) {
    metrics_text text;
    start(io.write_metrics(text));
    auto at = text.text().find("\n" + name + " ");
    if (at == std::string::npos)
      return "absent";
    auto begin = at + name.size() + 2;
    return text.text().substr(begin, text.text().find('\n', begin) - begin);
  }

  api::server io;
  std::list<client> clients;
};

} // namespace atrium::test
