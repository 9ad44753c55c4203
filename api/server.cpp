#include "api/server.hpp"

#include "actors/runtime/coroutines.hpp"
#include "api/detail/metrics.hpp"
#include "api/detail/server_core.hpp"
#include "schema/log.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <future>

namespace atrium::api {

namespace {

asio::awaitable<void> write_all(detail::server_core& core, metrics_text& out) {
  std::vector<const net::server*> ports;
  ports.reserve(core.ports.size());
  for (auto& x : core.ports)
    ports.push_back(x.get());
  net::server::write_metrics(ports, out);
  co_await detail::write_metrics(core, out);
}

/// Served by the ports of `core`, which end with it.
net::http_route metrics_page(detail::server_core& core) {
  return {core.options.metrics_path, false,
          [&core](const net::request_info&,
                  const std::string&) -> asio::awaitable<net::http_response> {
            metrics_text out;
            co_await write_all(core, out);
            co_return net::make_response(200, out.text(), std::string{metrics_text::content_type});
          }};
}

} // namespace

server::server(server_options options, std::size_t workers)
  : core_{std::make_shared<detail::server_core>(std::move(options), workers)} {
}

server::server(runtime::system& system, server_options options)
  : core_{std::make_shared<detail::server_core>(system, std::move(options))} {
}

server::~server() {
  if (core_->ports.empty()) {
    core_->end_namespaces();
    return;
  }
  std::promise<void> closed;
  core_->system.post(0, [this, &closed] {
    runtime::spawn(
      core_->system.at(0),
      [](server& self, std::promise<void>& done) -> asio::awaitable<void> {
        co_await self.close();
        done.set_value();
      }(*this, closed),
      "close");
  });
  closed.get_future().wait();
}

socket_namespace server::of(std::string_view name) const {
  return socket_namespace{core_->of(name)};
}

socket_namespace server::of(std::regex name) const {
  auto matches = [name = std::move(name)](const std::string& x, const json::object&) {
    return std::regex_search(x, name);
  };
  return socket_namespace{core_->of(detail::namespace_matcher{std::move(matches), nullptr, true})};
}

socket_namespace
server::of_matching(std::function<bool(const std::string&, const json::object&)> f) const {
  return socket_namespace{core_->of(detail::namespace_matcher{std::move(f), nullptr, false})};
}

socket_namespace
server::of_asking(std::function<asio::awaitable<bool>(std::string, json::object)> f) const {
  return socket_namespace{core_->of(detail::namespace_matcher{nullptr, std::move(f), false})};
}

void server::on_new_namespace(std::function<void(socket_namespace)> f) const {
  core_->on_new_namespace(std::move(f));
}

engine server::engine() const {
  return api::engine{core_};
}

net::engine_route server::route() const {
  return core_->route();
}

result<void> server::listen(std::uint16_t port, std::string address) {
  net::listen_options where;
  where.address = std::move(address);
  where.port = port;
  return listen(std::move(where));
}

result<void> server::listen(net::listen_options where) {
  net::routes table;
  attach(table);
  if (! core_->options.metrics_path.empty())
    table.pages.push_back(metrics_page(*core_));
  auto x = std::make_unique<net::server>(core_->system, std::move(where), std::move(table));
  auto started = x->start();
  if (started)
    core_->ports.push_back(std::move(x));
  return started;
}

std::uint16_t server::port() const noexcept {
  return core_->ports.empty() ? std::uint16_t{0} : core_->ports.front()->port();
}

std::vector<std::uint16_t> server::ports() const {
  std::vector<std::uint16_t> result;
  for (auto& x : core_->ports)
    result.push_back(x->port());
  return result;
}

const server_options& server::options() const noexcept {
  return core_->options;
}

int server::run() {
  asio::io_context io{1};
  asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([](boost::system::error_code, int) {});
  io.run();
  return 0;
}

asio::awaitable<void> server::write_metrics(metrics_text& out) const {
  return write_all(*core_, out);
}

asio::awaitable<void> server::close(std::chrono::milliseconds grace) const {
  for (auto& x : core_->ports)
    x->stop_accepting();
  core_->end_namespaces();
  for (auto& x : core_->ports)
    co_await x->close(grace);
  co_await core_->adapters_closed();
}

void server::open() const {
  core_->open();
}

runtime::system& server::system() const noexcept {
  return core_->system;
}

} // namespace atrium::api
