#include "tests/api/loopback_adapter.hpp"

#include "actors/runtime/one_shot.hpp"
#include "actors/runtime/timer.hpp"

namespace atrium::test {

using api::broadcast_options;
using api::memory_adapter;
using api::asio::awaitable;

loopback_adapter::loopback_adapter(api::detail::namespace_core& nsp, std::shared_ptr<loopback> bus)
  : memory_adapter{nsp},
    bus_{std::move(bus)} {
  bus_->nodes[name()].push_back(this);
}

loopback_adapter::~loopback_adapter() {
  std::erase(bus_->nodes[name()], this);
}

std::vector<loopback_adapter*> loopback_adapter::others() const {
  auto result = bus_->nodes[name()];
  std::erase(result, this);
  return result;
}

std::vector<loopback_adapter*> loopback_adapter::nodes(const broadcast_options& how) {
  auto result = how.local ? std::vector<loopback_adapter*>{} : others();
  result.insert(result.begin(), this);
  return result;
}

awaitable<room_names> loopback_adapter::sockets(broadcast_options how) {
  room_names result;
  for (auto* x : nodes(how)) {
    auto more = co_await x->memory_adapter::sockets(how);
    result.insert(result.end(), more.begin(), more.end());
  }
  co_return result;
}

void loopback_adapter::broadcast(const payload& event, const broadcast_options& how) {
  for (auto* x : nodes(how))
    x->memory_adapter::broadcast(event, how);
}

void loopback_adapter::broadcast_with_ack(const payload& event, const broadcast_options& how,
                                          std::chrono::milliseconds timeout,
                                          std::shared_ptr<ack_sink> to) {
  for (auto* x : nodes(how))
    x->memory_adapter::broadcast_with_ack(event, how, timeout, to);
}

awaitable<std::vector<socket_description>> loopback_adapter::fetch_sockets(broadcast_options how) {
  std::vector<socket_description> result;
  for (auto* x : nodes(how)) {
    auto more = co_await x->memory_adapter::fetch_sockets(how);
    result.insert(result.end(), more.begin(), more.end());
  }
  co_return result;
}

void loopback_adapter::add_sockets(const broadcast_options& how, const room_names& rooms) {
  for (auto* x : nodes(how))
    x->memory_adapter::add_sockets(how, rooms);
}

void loopback_adapter::del_sockets(const broadcast_options& how, const room_names& rooms) {
  for (auto* x : nodes(how))
    x->memory_adapter::del_sockets(how, rooms);
}

void loopback_adapter::disconnect_sockets(const broadcast_options& how, bool close) {
  for (auto* x : nodes(how))
    x->memory_adapter::disconnect_sockets(how, close);
}

void loopback_adapter::server_side_emit(payload event) {
  for (auto* x : others())
    x->deliver(event, nullptr);
}

awaitable<api::broadcast_answers>
loopback_adapter::server_side_emit_with_ack(payload event, std::chrono::milliseconds timeout) {
  struct gathering {
    explicit gathering(runtime::worker& home) : deadline{home} {
    }
    api::broadcast_answers got;
    runtime::timer deadline;
    runtime::one_shot<bool> whole;
  };
  auto to = others();
  if (to.empty())
    co_return api::broadcast_answers{};
  auto x = std::make_shared<gathering>(*runtime::worker::current());
  x->deadline.arm(timeout, [whole = x->whole] { whole.set(false); });
  for (auto* other : to)
    other->deliver(event, [x, expected = to.size()](payload args) {
      x->got.responses.push_back(args.args.empty() ? json::value{} : std::move(args.args.front()));
      if (x->got.responses.size() == expected)
        x->whole.set(true);
    });
  x->got.timed_out = ! co_await x->whole.wait();
  x->deadline.cancel();
  co_return x->got;
}

awaitable<std::size_t> loopback_adapter::server_count() {
  co_return bus_->nodes[name()].size();
}

void loopback_adapter::close() {
  std::erase(bus_->nodes[name()], this);
}

} // namespace atrium::test
