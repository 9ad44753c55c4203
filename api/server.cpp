#include "api/server.hpp"

#include "actors/runtime/coroutines.hpp"
#include "api/detail/server_core.hpp"
#include "schema/log.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <future>

namespace atrium::api {

namespace {

constexpr std::chrono::milliseconds close_grace{5000};

} // namespace

server::server(server_options options, std::size_t workers)
  : core_{std::make_shared<detail::server_core>(std::move(options), workers)} {
}

server::server(runtime::system& system, server_options options)
  : core_{std::make_shared<detail::server_core>(system, std::move(options))} {
}

server::~server() {
  if (! core_->http) {
    core_->end_namespaces();
    return;
  }
  std::promise<void> closed;
  core_->system.post(0, [this, &closed] {
    runtime::spawn(
      core_->system.at(0),
      [](server& self, std::promise<void>& done) -> asio::awaitable<void> {
        co_await self.core_->http->close(close_grace);
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
  table.engines.push_back(core_->route());
  core_->http = std::make_unique<net::server>(core_->system, std::move(where), std::move(table));
  return core_->http->start();
}

std::uint16_t server::port() const noexcept {
  return core_->http ? core_->http->port() : 0;
}

int server::run() {
  asio::io_context io{1};
  asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([](boost::system::error_code, int) {});
  io.run();
  return 0;
}

asio::awaitable<void> server::close() const {
  core_->end_namespaces();
  co_return;
}

runtime::system& server::system() const noexcept {
  return core_->system;
}

} // namespace atrium::api
