#include "app/socketio_endpoint.hpp"

#include "app/gate.hpp"
#include "net/engine/session.hpp"
#include "net/iobroker/commands.hpp"
#include "schema/log.hpp"

#include <algorithm>
#include <filesystem>

namespace atrium::app {

namespace asio = boost::asio;

namespace {

/// The subscriptions of one socket: what its lane watches for it.
class lane_subscriptions final : public net::iobroker::subscriptions {
public:
  explicit lane_subscriptions(const api::socket& owner) : owner_{owner} {
  }

  void subscribe(net::iobroker::subject what, const pattern& x) override {
    if (auto s = owner_.lock())
      s->watch(channel(what), x.text());
  }

  void unsubscribe(net::iobroker::subject what, const pattern& x) override {
    if (auto s = owner_.lock())
      s->unwatch(channel(what), x.text());
  }

private:
  static topic_channel channel(net::iobroker::subject what) noexcept {
    return what == net::iobroker::subject::states ? topic_channel::states : topic_channel::objects;
  }

  api::socket::weak owner_;
};

asio::awaitable<void> run_command(net::iobroker::session_ptr client, api::event e) {
  auto args = e.all().args.args;
  auto answer
    = co_await net::iobroker::call(std::move(client), std::string{e.name()}, std::move(args));
  if (answer.text)
    e.ack_text(*answer.text);
  else
    e.ack(api::spread{{std::move(answer.args), {}}});
}

/// Where `cmake --install` puts the bundles of the client: beside the folder of the program.
std::string installed_client_folder() {
  std::error_code ec;
  auto program = std::filesystem::read_symlink("/proc/self/exe", ec);
  return (program.parent_path().parent_path() / "share/atrium/client").string();
}

std::chrono::milliseconds ms(std::uint64_t x) {
  return std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(x)};
}

api::recovery_options recovery_options(const config::recovery_options& from) {
  api::recovery_options result;
  result.max_disconnection = ms(from.max_disconnection_ms);
  result.skip_middlewares = from.skip_middlewares;
  result.packets_max = from.packets_max;
  result.bytes_max = from.bytes_max;
  result.sessions_max = from.sessions_max;
  return result;
}

net::iobroker::subject subject_of(topic_channel x) noexcept {
  return x == topic_channel::states ? net::iobroker::subject::states
                                    : net::iobroker::subject::objects;
}

} // namespace

api::server_options socketio_options(const config::options& settings) {
  auto& from = settings.socketio;
  auto offers = [&](std::string_view name) {
    return std::ranges::find(from.transports, name) != from.transports.end();
  };
  api::server_options result;
  auto& engine = result.engine;
  engine.path = from.path;
  engine.transports = {offers("polling"), offers("websocket")};
  engine.allow_upgrades = from.allow_upgrades;
  engine.allow_eio3 = from.allow_eio3;
  engine.ping_interval = ms(from.ping_interval_ms);
  engine.ping_timeout = ms(from.ping_timeout_ms);
  engine.upgrade_timeout = ms(from.upgrade_timeout_ms);
  engine.max_http_buffer_bytes = from.max_http_buffer_bytes;
  if (auto bytes = from.http_compression_threshold_bytes)
    engine.http_compression_threshold_bytes = bytes;
  else
    engine.http_compression_threshold_bytes.reset();
  if (from.per_message_deflate)
    engine.per_message_deflate.emplace();
  if (! settings.access.allowed_origins.empty()) {
    // The gate lets them in; this lets their pages read the answers to polling.
    auto& cors = engine.cors.emplace();
    cors.origin.clear();
    cors.allowed = [access = settings.access](std::string_view origin) {
      return names_origin(access, origin);
    };
  }
  engine.outbox = {settings.limits.outbox_high_water_bytes, settings.limits.outbox_bytes_max};
  engine.rate = {settings.limits.packets_per_second_max, settings.limits.bytes_per_second_max};
  engine.on_oversize = [](const net::engine::session& sender) {
    log::warn("message-too-large", "a client sent more than max_http_buffer_bytes at once",
              {{"sid", sender.id()}, {"transport", sender.transport_name()}});
  };
  if (from.serve_client)
    result.client_folder
      = from.client_folder.empty() ? installed_client_folder() : from.client_folder;
  result.connect_timeout = ms(from.connect_timeout_ms);
  result.packets.attachments_max = static_cast<std::uint32_t>(from.attachments_max);
  result.packets.json.depth_max = from.json_depth_max;
  result.attachment_bytes_max = from.attachment_bytes_max;
  result.events_in_flight_max = settings.limits.events_in_flight_max;
  result.acks_waiting_max = settings.limits.acks_waiting_max;
  result.handshakes_per_address_max = settings.limits.handshakes_per_address_max;
  result.unclaimed_sessions_max = settings.limits.unclaimed_sessions_max;
  if (settings.recovery.enabled)
    result.recovery = recovery_options(settings.recovery);
  return result;
}

void serve_commands(const api::server& io, std::shared_ptr<const net::iobroker::command_hub> hub,
                    bool secure) {
  auto nsp = io.of("/");
  nsp.on_connection([hub = std::move(hub), secure](const api::socket& s) {
    // The context belongs to the socket, so it holds no handle that would keep the socket alive.
    auto session = std::make_shared<net::iobroker::session>(
      hub, writer{"system.adapter.atrium.0", "system.user.admin"}, secure,
      std::make_shared<lane_subscriptions>(s));
    for (auto& watch : s.recovered_watches())
      if (auto wanted = pattern::parse(std::string_view{watch.pattern}))
        session->resume(subject_of(watch.channel), *wanted);
    s.context() = std::move(session);
  });
  nsp.on_recovery_failed([](const api::socket& s, recovery_refusal why) {
    log::info("recovery-refused", to_string(why), {{"sid", s.id()}});
  });
  nsp.on_unhandled([](const api::socket& s, api::event e) {
    return run_command(std::static_pointer_cast<net::iobroker::session>(s.context()), std::move(e));
  });
}

} // namespace atrium::app
