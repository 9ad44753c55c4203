#include "api/cluster_adapter.hpp"

#include "actors/interfaces.hpp"
#include "actors/runtime/ask.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/shared_sink.hpp"
#include "net/engine/session_id.hpp"

#include <caf/send.hpp>

#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace atrium::api {

namespace {

using type = detail::cluster_message_type;

/// How much longer the asker of a node waits than the node for the others.
constexpr std::chrono::milliseconds slack{1'000};

/// What the node answers: nothing when it has ended. Throws when others do not answer in time.
template <class T, class... Ts>
asio::awaitable<T>
ask_node(detail::cluster_node_actor node, std::chrono::milliseconds within, Ts... xs) {
  auto answer = co_await runtime::ask<T>(node, within + slack, std::move(xs)...);
  if (answer)
    co_return std::move(*answer);
  if (answer.error() == errc::timeout || answer.error() == caf::sec::request_timeout)
    throw boost::system::system_error{make_error_code(errc::timeout), "other nodes"};
  co_return T{};
}

detail::cluster_message about(type what, const broadcast_options& how) {
  detail::cluster_message x;
  x.type = what;
  x.how = how;
  return x;
}

} // namespace

cluster_adapter::cluster_adapter(detail::namespace_core& nsp, const cluster_options& options)
  : memory_adapter{nsp},
    nsp_{nsp},
    link_{std::make_shared<detail::cluster_link>(net::engine::random_id(), nsp.name, options)} {
  auto& system = nsp.owner.system;
  auto& home = system.at(std::hash<std::string>{}(nsp.name) % system.workers());
  node_ = runtime::spawn_pinned<detail::cluster_node>(home, link_,
                                                      std::make_shared<memory_adapter>(nsp));
}

cluster_adapter::~cluster_adapter() {
  cluster_adapter::close();
}

std::string cluster_adapter::next_request() {
  return link_->node + "." + std::to_string(next_request_.fetch_add(1, std::memory_order_relaxed));
}

// -- its life ------------------------------------------------------------------------------

void cluster_adapter::open() {
  caf::anon_send(node_, atom::start_v, nsp_.shared_from_this());
}

void cluster_adapter::close() {
  caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
}

asio::awaitable<void> cluster_adapter::closed() {
  // The exit comes before whatever is asked.
  co_await stats();
}

asio::awaitable<cluster_stats> cluster_adapter::stats() {
  return ask_node<cluster_stats>(node_, request_timeout(), atom::stats_v);
}

asio::awaitable<std::size_t> cluster_adapter::server_count() {
  auto seen = co_await stats();
  co_return 1 + seen.nodes;
}

// -- all nodes -----------------------------------------------------------------------------

// What is asked for is published by whoever asks, before it goes on: so it keeps its order.

void cluster_adapter::broadcast(const payload& event, const broadcast_options& how) {
  if (! how.local) {
    auto x = about(type::broadcast, how);
    x.content = event;
    link_->publish(std::move(x));
  }
  memory_adapter::broadcast(event, how);
}

void cluster_adapter::broadcast_with_ack(const payload& event, const broadcast_options& how,
                                         std::chrono::milliseconds timeout,
                                         std::shared_ptr<ack_sink> to) {
  if (how.local)
    return memory_adapter::broadcast_with_ack(event, how, timeout, std::move(to));
  auto sum = std::make_shared<detail::shared_sink>(std::move(to), 2);
  auto x = about(type::broadcast, how);
  x.content = event;
  x.how.timeout = timeout;
  x.request = next_request();
  // The node knows of it before anybody can answer.
  caf::anon_send(node_, atom::collect_v, detail::ack_order{x.request, sum, timeout});
  link_->publish(std::move(x));
  memory_adapter::broadcast_with_ack(event, how, timeout, std::move(sum));
}

asio::awaitable<std::vector<socket_description>>
cluster_adapter::fetch_sockets(broadcast_options how) {
  if (how.local)
    co_return co_await memory_adapter::fetch_sockets(std::move(how));
  auto within = how.timeout.value_or(request_timeout());
  detail::fetch_order order{next_request(), how, within};
  auto result = co_await ask_node<detail::socket_descriptions>(node_, within, atom::select_v,
                                                               std::move(order));
  auto mine = co_await memory_adapter::fetch_sockets(std::move(how));
  result.insert(result.end(), std::make_move_iterator(mine.begin()),
                std::make_move_iterator(mine.end()));
  co_return result;
}

asio::awaitable<room_names> cluster_adapter::sockets(broadcast_options how) {
  if (how.local)
    co_return co_await memory_adapter::sockets(std::move(how));
  room_names result;
  auto found = co_await fetch_sockets(std::move(how));
  for (auto& x : found)
    result.push_back(std::move(x.id));
  co_return result;
}

void cluster_adapter::add_sockets(const broadcast_options& how, const room_names& rooms) {
  if (! how.local) {
    auto x = about(type::sockets_join, how);
    x.rooms = rooms;
    link_->publish(std::move(x));
  }
  memory_adapter::add_sockets(how, rooms);
}

void cluster_adapter::del_sockets(const broadcast_options& how, const room_names& rooms) {
  if (! how.local) {
    auto x = about(type::sockets_leave, how);
    x.rooms = rooms;
    link_->publish(std::move(x));
  }
  memory_adapter::del_sockets(how, rooms);
}

void cluster_adapter::disconnect_sockets(const broadcast_options& how, bool close) {
  if (! how.local) {
    auto x = about(type::disconnect_sockets, how);
    x.close = close;
    link_->publish(std::move(x));
  }
  memory_adapter::disconnect_sockets(how, close);
}

// -- the other servers -----------------------------------------------------------------------

void cluster_adapter::server_side_emit(payload event) {
  auto x = about(type::server_side_emit, {});
  x.content = std::move(event);
  link_->publish(std::move(x));
}

asio::awaitable<broadcast_answers>
cluster_adapter::server_side_emit_with_ack(payload event, std::chrono::milliseconds timeout) {
  detail::emit_order order{next_request(), std::move(event), timeout};
  return ask_node<broadcast_answers>(node_, timeout, atom::emit_v, std::move(order));
}

// -- the factory -----------------------------------------------------------------------------

adapter_factory clustered(cluster_options options) {
  if (! options.bus)
    throw std::invalid_argument{"a cluster needs a bus"};
  return [options = std::move(options)](detail::namespace_core& nsp) {
    return std::make_unique<cluster_adapter>(nsp, options);
  };
}

} // namespace atrium::api
