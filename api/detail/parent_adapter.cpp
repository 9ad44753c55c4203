#include "api/detail/parent_adapter.hpp"

#include "api/detail/server_core.hpp"
#include "api/detail/shared_sink.hpp"

#include <stdexcept>

namespace atrium::api::detail {

namespace {

[[noreturn]] void refuse(const char* what) {
  throw std::logic_error{std::string{what} + " cannot be asked of a parent namespace"};
}

} // namespace

template <class F>
void parent_adapter::each_child(F f) const {
  for (auto& x : parent_.owner.children_of(parent_))
    f(x->reach());
}

void parent_adapter::add_all(const socket_name&, const room_names&) {
  refuse("rooms of a socket");
}

void parent_adapter::del(const socket_name&, const room_names&) {
  refuse("rooms of a socket");
}

asio::awaitable<room_names> parent_adapter::sockets(broadcast_options) {
  refuse("its sockets");
}

asio::awaitable<room_names> parent_adapter::socket_rooms(socket_name) {
  refuse("rooms of a socket");
}

asio::awaitable<room_names> parent_adapter::rooms() {
  refuse("its rooms");
}

void parent_adapter::observe(room_observer_ptr) {
  refuse("its rooms");
}

void parent_adapter::broadcast(const payload& event, const broadcast_options& how) {
  each_child([&](adapter& x) { x.broadcast(event, how); });
}

void parent_adapter::broadcast_with_ack(const payload& event, const broadcast_options& how,
                                        std::chrono::milliseconds timeout,
                                        std::shared_ptr<ack_sink> to) {
  auto children = parent_.owner.children_of(parent_);
  if (children.empty())
    return to->expect(0);
  auto sum = std::make_shared<shared_sink>(std::move(to), children.size());
  for (auto& x : children)
    x->reach().broadcast_with_ack(event, how, timeout, sum);
}

asio::awaitable<std::vector<socket_description>> parent_adapter::fetch_sockets(broadcast_options) {
  refuse("its sockets");
}

void parent_adapter::add_sockets(const broadcast_options& how, const room_names& rooms) {
  each_child([&](adapter& x) { x.add_sockets(how, rooms); });
}

void parent_adapter::del_sockets(const broadcast_options& how, const room_names& rooms) {
  each_child([&](adapter& x) { x.del_sockets(how, rooms); });
}

void parent_adapter::disconnect_sockets(const broadcast_options& how, bool close) {
  each_child([&](adapter& x) { x.disconnect_sockets(how, close); });
}

void parent_adapter::server_side_emit(payload event) {
  each_child([&](adapter& x) { x.server_side_emit(event); });
}

asio::awaitable<broadcast_answers>
parent_adapter::server_side_emit_with_ack(payload, std::chrono::milliseconds) {
  refuse("acknowledgements of other servers");
}

asio::awaitable<std::size_t> parent_adapter::server_count() {
  co_return 1;
}

void parent_adapter::close() {
}

} // namespace atrium::api::detail
