#include "net/server.hpp"

#include "actors/runtime/sleep.hpp"
#include "actors/runtime/worker.hpp"
#include "net/core.hpp"
#include "net/engine/live_session.hpp"
#include "net/metrics.hpp"
#include "net/request_info.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <utility>

#include <unistd.h>

namespace atrium::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds look_again{5};
// How long cut connections may take to notice.
constexpr std::chrono::milliseconds abort_time{500};

void bind(tcp::acceptor& acceptor, const tcp::endpoint& where, int backlog,
          boost::system::error_code& ec) {
  acceptor.open(where.protocol(), ec);
  if (! ec)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
  if (! ec)
    acceptor.bind(where, ec);
  if (! ec)
    acceptor.listen(backlog, ec);
}

} // namespace

class server::impl {
public:
  impl(runtime::system& system, listen_options listen, routes table)
    : shared{std::make_shared<core>(system, std::move(listen), std::move(table))} {
  }

  result<void> start() {
    boost::system::error_code ec;
    auto address = asio::ip::make_address(shared->listen.address, ec);
    if (ec)
      return ec;
    if (shared->listen.tls) {
      auto tls = tls_context::load(*shared->listen.tls);
      if (! tls)
        return tls.error();
      shared->tls = std::move(*tls);
    }
    // Lives here only until every worker has a descriptor of the same listening socket.
    tcp::acceptor acceptor{shared->system.at(0).io()};
    bind(acceptor, {address, shared->listen.port}, shared->listen.backlog, ec);
    if (ec)
      return ec;
    bound_port = acceptor.local_endpoint(ec).port();
    for (std::size_t i = 0; i < shared->shards.size(); ++i) {
      auto fd = ::dup(acceptor.native_handle());
      if (fd < 0)
        return boost::system::error_code{errno, boost::system::system_category()};
      shared->system.post(i, [at = shared->on(static_cast<unsigned>(i)), fd, v6 = address.is_v6()] {
        at->listen(fd, v6);
      });
    }
    return {};
  }

  template <class F>
  void on_each(F f) {
    for (std::size_t i = 0; i < shared->shards.size(); ++i)
      shared->system.post(i, [at = shared->on(static_cast<unsigned>(i)), f] { f(*at); });
  }

  void stop_accepting() {
    shared->stopping = true;
    on_each([](shard& x) { x.stop_accepting(); });
  }

  asio::awaitable<void> wait_until_empty(std::chrono::milliseconds at_most) {
    // By the clock, for sleeps are coarse: many short ones take longer than they say.
    auto& home = *runtime::worker::current();
    for (auto until = home.now() + at_most; shared->open() > 0 && home.now() < until;)
      co_await runtime::sleep(look_again);
  }

  std::shared_ptr<core> shared;
  std::uint16_t bound_port = 0;
};

server::server(runtime::system& system, listen_options listen, routes table)
  : impl_{std::make_shared<impl>(system, std::move(listen), std::move(table))} {
}

server::~server() = default;

result<void> server::start() {
  return impl_->start();
}

std::uint16_t server::port() const noexcept {
  return impl_->bound_port;
}

void server::stop_accepting() {
  impl_->stop_accepting();
}

asio::awaitable<void> server::close(std::chrono::milliseconds grace) {
  auto self = impl_;
  self->stop_accepting();
  self->on_each([](shard& x) { x.close_sessions(); });
  co_await runtime::sleep(look_again);
  co_await self->wait_until_empty(grace);
  self->on_each([](shard& x) { x.abort_all(); });
  co_await self->wait_until_empty(abort_time);
}

std::size_t server::connections() const noexcept {
  return impl_->shared->open();
}

std::size_t server::sessions() const noexcept {
  std::size_t out = 0;
  for (auto& x : impl_->shared->endpoints)
    out += x->table.size();
  return out;
}

std::size_t server::sessions_on(std::size_t worker) const noexcept {
  std::size_t out = 0;
  for (auto& x : impl_->shared->endpoints)
    out += x->table.size_of(static_cast<unsigned>(worker));
  return out;
}

void server::write_metrics(metrics_text& out) const {
  write_metrics({this}, out);
}

void server::write_metrics(const std::vector<const server*>& of, metrics_text& out) {
  std::vector<const core*> cores;
  cores.reserve(of.size());
  for (const auto* x : of)
    cores.push_back(x->impl_->shared.get());
  net::write_metrics(cores, out);
}

} // namespace atrium::net
