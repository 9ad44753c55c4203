#include "app/serve.hpp"

#include "actors/runtime/system.hpp"
#include "actors/start.hpp"
#include "app/gate.hpp"
#include "app/metrics_page.hpp"
#include "app/model_feed.hpp"
#include "app/model_settings.hpp"
#include "app/program.hpp"
#include "app/socketio_endpoint.hpp"
#include "app/stop_doors.hpp"
#include "app/token.hpp"
#include "app/watchdog.hpp"
#include "schema/log.hpp"
#include "storage/journal_excerpt.hpp"

#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/signal_set.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <optional>
#include <thread>

#include <sys/resource.h>

namespace atrium::app {

namespace asio = boost::asio;

namespace {

/// How long the process may take to end once everything has stopped.
constexpr std::chrono::seconds end_grace{2};

/// Every client is a file; systems allow more of them than they grant at first.
void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

/// A file that grows beyond what the system allows is refused like one on a full disk, and does not
/// end the process.
void survive_file_size_limit() {
  std::signal(SIGXFSZ, SIG_IGN);
}

std::string machine_name() {
  boost::system::error_code ec;
  auto name = asio::ip::host_name(ec);
  return ec ? std::string{"atrium"} : name;
}

runtime::system_options runtime_options(const config::options& settings) {
  runtime::system_options result;
  result.workers = settings.workers;
  result.each.on_error = [](std::string_view where, std::string_view what) {
    log::error("exception", what, {{"where", where}});
  };
  result.configure = [](caf::actor_system_config& x) {
    x.add_error_category(caf::atom("atrium"),
                         [](std::uint8_t code, caf::atom_value, const caf::message&) {
                           return std::string{to_string(static_cast<errc>(code))};
                         });
  };
  return result;
}

/// Alive as soon as it answers; ready while the last commit succeeded.
net::http_route health_page(journal_gauge_ptr gauge) {
  return {"/healthz", false,
          [gauge](const net::request_info&,
                  const std::string&) -> asio::awaitable<net::http_response> {
            auto ready = gauge->ready();
            co_return net::make_response(ready ? 200 : 503,
                                         ready ? R"({"alive":true,"ready":true})"
                                               : R"({"alive":true,"ready":false})",
                                         "application/json");
          }};
}

std::optional<net::tls_options> tls_of(const config::tls_options& settings) {
  using wanted = config::tls_options::client_certificate_type;
  if (! settings.on())
    return std::nullopt;
  auto clients = net::client_certificates::none;
  switch (settings.client_certificate) {
    case wanted::none: break;
    case wanted::optional: clients = net::client_certificates::optional; break;
    case wanted::required: clients = net::client_certificates::required; break;
  }
  return net::tls_options{settings.certificate_file, settings.key_file, settings.client_ca_file,
                          clients};
}

net::listen_options listen_options(const config::options& settings) {
  auto& limits = settings.limits;
  net::listen_options result;
  result.address = settings.listen.address;
  result.port = settings.listen.port;
  result.connections_max = limits.connections_max;
  result.http.header_bytes_max = limits.http_header_bytes_max;
  result.http.header_timeout = std::chrono::milliseconds{limits.http_header_ms};
  result.http.body_timeout = std::chrono::milliseconds{limits.http_body_ms};
  result.http.write_timeout = std::chrono::milliseconds{limits.http_write_ms};
  result.tls = tls_of(settings.tls);
  result.http.idle_timeout = std::chrono::milliseconds{limits.http_idle_ms};
  return result;
}

/// A hub that runs, and its parts in the order in which they are made.
class running_hub {
public:
  running_hub(const config::options& settings, const access_token& token)
    : settings_{settings},
      token_{token},
      system_{runtime_options(settings)} {
  }

  /// Recovers and listens. What goes wrong is logged.
  bool start() {
    storage::data_folder_options where;
    where.path = settings_.data;
    if (settings_.journal.synchronous == config::journal_options::synchronous_type::full)
      where.durability = storage::durability::power;
    auto folder = storage::open_data_folder(std::move(where));
    if (! folder)
      return failed("data-folder-failed", folder.error().message);
    auto model = start_model(system_, *folder, model_settings(settings_, machine_name()),
                             [this](int code) { stopped_.set_value(code); });
    if (! model)
      return failed("recovery-failed", model.error().message);
    model_ = *model;
    if (auto serving = serve_clients(); ! serving)
      return failed("recovery-failed", serving.error().message);
    if (auto listening = http_->start(); ! listening)
      return failed("listen-failed", "cannot listen on " + config::to_string(settings_.listen)
                                       + ": " + listening.error().message());
    log::info("hub-started", "ready", {{"port", http_->port()}, {"workers", system_.workers()}});
    return true;
  }

  /// Ends in stages; asked again it does nothing.
  void stop() {
    caf::anon_send(model_.hub, atom::stop_v);
  }

  /// Waits until everything has ended. @returns the exit code.
  int wait() {
    return stopped_.get_future().get();
  }

  bool has_model() const noexcept {
    return model_.hub != nullptr;
  }

private:
  static bool failed(std::string_view event, std::string_view text) {
    log::error(event, text);
    return false;
  }

  storage::outcome<void> serve_clients() {
    auto commands = std::make_shared<net::iobroker::command_hub>();
    commands->catalog = model_.catalog;
    commands->readers = model_.readers;
    commands->subscriptions_per_connection_max = settings_.limits.subscriptions_per_connection_max;
    commands->query_values_max = settings_.limits.query_values_max;
    auto options = socketio_options(settings_);
    options.congested = [gauge = model_.gauge] { return gauge->high(); };
    if (options.recovery) {
      auto store
        = storage::open_recovery_store(std::filesystem::path{settings_.data} / "recovery.db");
      if (! store)
        return store.error();
      options.recovery->store = std::move(*store);
    }
    io_.emplace(system_, std::move(options));
    serve_commands(*io_, std::move(commands), ! token_.value.empty());
    if (auto publishing = publish_changes(); ! publishing)
      return publishing;
    net::routes table;
    table.admit = gate{settings_.access, token_.value, machine_name(), settings_.socketio.path};
    table.engines.push_back(io_->route());
    table.pages.push_back(health_page(model_.gauge));
    table.pages.push_back(metrics_page(http_, *io_, model_.gauge));
    http_.emplace(system_, listen_options(settings_), std::move(table));
    adopt_doors();
    return {};
  }

  /// Lets the clients hear of each commit; those that come back also of commits that an earlier run
  /// did not get round to publish.
  storage::outcome<void> publish_changes() {
    auto nsp = io_->of("/");
    auto feed = spawn_model_feed(system_.at(0), nsp, true);
    caf::anon_send(model_.journal, atom::feed_v, feed_actor{feed});
    caf::anon_send(model_.hub, atom::adopt_v, stop_stage::namespaces,
                   caf::actor_cast<caf::strong_actor_ptr>(feed), true);
    batch_ptr before;
    if (nsp.published() > 0) {
      // Behind it the feed hears of every commit.
      caf::scoped_actor self{system_.actors()};
      self->request(model_.journal, caf::infinite, atom::fence_v)
        .receive([](sequence) {}, [](const caf::error&) {});
      auto rest = storage::changes_after(settings_.data, nsp.published());
      if (! rest)
        return rest.error();
      before
        = std::make_shared<const commit_batch>(commit_batch{rest->first, std::move(rest->writes)});
    }
    caf::anon_send(feed, atom::start_v, before);
    return {};
  }

  void adopt_doors() {
    auto& home = system_.at(0);
    adopt_door(model_.hub, home, stop_stage::listener, [this]() -> asio::awaitable<void> {
      http_->stop_accepting();
      co_return;
    });
    auto grace = std::chrono::milliseconds{settings_.stop.clients_ms};
    adopt_door(model_.hub, home, stop_stage::connections,
               [this, grace]() -> asio::awaitable<void> { co_await http_->close(grace); });
    adopt_door(model_.hub, home, stop_stage::namespaces,
               [this]() -> asio::awaitable<void> { co_await io_->close(); });
  }

  const config::options& settings_;
  const access_token& token_;
  runtime::system system_;
  std::promise<int> stopped_;
  model_handles model_;
  std::optional<api::server> io_;
  std::optional<net::server> http_;
};

/// Ends the process, which could not end by itself.
[[noreturn]] void give_up(int code) {
  log::error("stop-hangs", "something did not end, the process does");
  std::_Exit(code == 0 ? exit_failed : code);
}

} // namespace

int serve(const config::options& settings) {
  auto token = obtain_token(settings);
  if (! token)
    return exit_failed;
  if (! token->made_in.empty())
    std::cout << usage_of(*token, settings) << std::flush;
  raise_file_limit();
  survive_file_size_limit();
  // Before the hub starts: a signal that comes meanwhile is kept until someone waits for it.
  asio::io_context io{1};
  asio::signal_set signals{io, SIGINT, SIGTERM};
  std::optional<running_hub> hub{std::in_place, settings, *token};
  auto started = hub->start();
  std::thread listener;
  if (started) {
    signals.async_wait([&](boost::system::error_code ec, int) {
      if (! ec)
        hub->stop();
    });
    listener = std::thread{[&] { io.run(); }};
  } else if (hub->has_model()) {
    hub->stop();
  }
  auto code = hub->has_model() ? hub->wait() : exit_failed;
  if (listener.joinable()) {
    io.stop();
    listener.join();
  }
  log::info("hub-stopped", "everything has ended", {{"code", code}});
  watchdog patience{end_grace, [code] { give_up(code); }};
  hub.reset();
  return started ? code : exit_failed;
}

} // namespace atrium::app
