// What the official Engine.IO conformance suite runs against: echoes every message to its sender.
#include "tests/e2e/servers/serve_engine.hpp"

using namespace atrium;

namespace {

class echo final : public e2e::sending_handler {
public:
  explicit echo(net::engine::session& client) : sending_handler{client} {
  }

  void on_text(std::string_view text) override {
    send_text(text);
  }

  void on_binary(std::string_view bytes) override {
    send_binary(bytes);
  }
};

} // namespace

int main(int argc, char** argv) {
  const e2e::arguments args{argc, argv};
  net::engine_route engine;
  engine.options.ping_interval = args.ping_interval;
  engine.options.ping_timeout = args.ping_timeout;
  engine.options.allow_eio3 = args.eio3;
  engine.options.cors.emplace();
  engine.accept = [](net::engine::session& client) { return std::make_unique<echo>(client); };
  return e2e::serve(std::move(engine), args);
}
