#include "net/core.hpp"

#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/sleep.hpp"
#include "net/engine/live_session.hpp"
#include "net/engine/verify.hpp"
#include "net/http_connection.hpp"
#include "net/tls/door.hpp"
#include "schema/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace atrium::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

engine::endpoint::endpoint(engine_route route, std::size_t workers)
  : settings{std::move(route.options)},
    prefix{endpoint_prefix(settings)},
    accept{std::move(route.accept)},
    table{workers} {
}

core::core(runtime::system& owner, listen_options where, routes what)
  : system{owner},
    listen{std::move(where)},
    admit{std::move(what.admit)},
    pages{std::move(what.pages)} {
  for (auto& x : what.engines)
    endpoints.push_back(std::make_unique<engine::endpoint>(std::move(x), system.workers()));
  for (std::size_t i = 0; i < system.workers(); ++i)
    shards.push_back(std::make_unique<shard>(*this, system.at(i)));
}

std::shared_ptr<shard> core::on(unsigned worker) {
  return {shared_from_this(), shards[worker].get()};
}

shard::shard(core& owner, runtime::worker& home) : owner_{owner}, home_{home} {
}

shard::~shard() = default;

unsigned shard::index() const noexcept {
  return home_.index();
}

void shard::add(peer& x) {
  peers_.push_back(x);
  owner_.connections.fetch_add(1, std::memory_order_relaxed);
}

void shard::add_door(peer& x) {
  peers_.push_back(x);
  owner_.doors.fetch_add(1, std::memory_order_relaxed);
}

void shard::listen(int fd, bool v6) {
  acceptor_.emplace(home_.io(), v6 ? tcp::v6() : tcp::v4(), fd);
  runtime::spawn(home_, accept_loop(owner_.on(index())), "accept");
}

asio::awaitable<void> shard::accept_loop(std::shared_ptr<shard> self) {
  constexpr std::chrono::milliseconds pause{100};
  while (self->acceptor_ && self->acceptor_->is_open()) {
    tcp::endpoint remote;
    auto [ec, socket] = co_await self->acceptor_->async_accept(self->home_.io(), remote,
                                                               asio::as_tuple(asio::use_awaitable));
    if (ec == asio::error::operation_aborted)
      break;
    if (ec == asio::error::connection_aborted)
      continue;
    if (ec) {
      log::warn("accept-failed", "no connection can be accepted right now",
                {{"error", ec.message()}});
      co_await runtime::sleep(pause);
      continue;
    }
    auto& owner = self->owner_;
    if (owner.open() >= owner.listen.connections_max) {
      self->counts_.connections_refused.add();
      log::warn("connections-full", "a connection was closed as it came",
                {{"connections_max", owner.listen.connections_max}});
      continue; // the socket closes
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    self->welcome(std::move(socket), remote);
  }
}

void shard::welcome(tcp::socket socket, const tcp::endpoint& remote) {
  auto self = owner_.on(index());
  if (owner_.tls)
    std::make_shared<tls_door>(self, std::move(socket), remote)->start();
  else
    std::make_shared<http_connection>(self, std::move(socket), remote_peer{remote, false, nullptr})
      ->start();
}

void shard::stop_accepting() {
  boost::system::error_code ignored;
  if (acceptor_)
    acceptor_->close(ignored);
}

void shard::close_sessions() {
  for (auto& endpoint : owner_.endpoints)
    for (auto& session : endpoint->table.sessions_of(index()))
      session->close(actors::close_reason::server_shutting_down, actors::close_mode::discard);
  for (auto i = peers_.begin(); i != peers_.end();)
    (i++)->retire();
}

void shard::abort_all() {
  for (auto i = peers_.begin(); i != peers_.end();)
    (i++)->abort();
}

} // namespace atrium::net
