#include "api/memory_adapter.hpp"

#include "actors/runtime/ask.hpp"
#include "api/detail/dispatch.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"

#include <caf/send.hpp>

namespace atrium::api {

namespace {

/// Whoever emits, when the event is for its own namespace: what it sends later waits until the lane
/// has let this pass.
member emitter_in(const detail::namespace_core& nsp) {
  auto* x = detail::dispatch::current().socket;
  if (! x || x->nsp().get() != &nsp || ! x->owner())
    return {};
  x->entered_lane();
  return x->self();
}

} // namespace

/// What the lane answers; nothing when it has ended.
template <class T, class... Ts>
asio::awaitable<T> memory_adapter::ask_lane(Ts... xs) const {
  auto answer = co_await runtime::ask<T>(nsp_.lane, request_timeout_, std::move(xs)...);
  if (answer)
    co_return std::move(*answer);
  if (answer.error() == caf::sec::request_timeout)
    throw boost::system::system_error{make_error_code(errc::timeout), "namespace " + nsp_.name};
  co_return T{};
}

memory_adapter::memory_adapter(detail::namespace_core& nsp)
  : nsp_{nsp},
    wire_{nsp.owner.options.wire},
    request_timeout_{nsp.owner.options.request_timeout} {
}

// -- rooms of this node --------------------------------------------------------------------

void memory_adapter::add_all(const socket_name& who, const room_names& rooms) {
  caf::anon_send(nsp_.lane, atom::join_v, who, rooms);
}

void memory_adapter::del(const socket_name& who, const room_names& rooms) {
  caf::anon_send(nsp_.lane, atom::leave_v, who, rooms);
}

asio::awaitable<room_names> memory_adapter::sockets(broadcast_options how) {
  return ask_lane<room_names>(atom::names_v, std::move(how.to));
}

asio::awaitable<room_names> memory_adapter::socket_rooms(socket_name who) {
  if (who.empty())
    co_return room_names{};
  co_return co_await ask_lane<room_names>(atom::rooms_v, std::move(who));
}

asio::awaitable<room_names> memory_adapter::rooms() {
  return ask_lane<room_names>(atom::rooms_v, socket_name{});
}

void memory_adapter::observe(room_observer_ptr x) {
  caf::anon_send(nsp_.lane, atom::rooms_v, std::move(x));
}

// -- all nodes -----------------------------------------------------------------------------

void memory_adapter::broadcast(const payload& event, const broadcast_options& how) {
  frame_options wire{wire_, how.is_volatile, how.compress};
  packet_offset offset;
  frame_ptr what;
  if (nsp_.offsets && ! how.is_volatile) {
    offset = nsp_.offsets->next();
    auto named = event;
    named.args.emplace_back(to_string(offset));
    what = make_event_frame(nsp_.name, std::nullopt, named, wire);
  } else {
    what = make_event_frame(nsp_.name, std::nullopt, event, wire);
  }
  atrium::broadcast x{how.to, std::move(what), emitter_in(nsp_), offset};
  caf::anon_send(nsp_.lane, atom::emit_v, std::move(x));
}

void memory_adapter::broadcast_with_ack(const payload& event, const broadcast_options& how,
                                        std::chrono::milliseconds timeout,
                                        std::shared_ptr<ack_sink> to) {
  ack_request x;
  x.id = nsp_.next_ack_id();
  x.what = make_event_frame(nsp_.name, x.id, event, {wire_, how.is_volatile, how.compress});
  x.sink = std::move(to);
  x.timeout_ms = static_cast<std::uint32_t>(timeout.count());
  caf::anon_send(nsp_.lane, atom::collect_v, how.to, std::move(x), emitter_in(nsp_));
}

asio::awaitable<std::vector<socket_description>>
memory_adapter::fetch_sockets(broadcast_options how) {
  std::vector<socket_description> result;
  auto found = co_await ask_lane<members>(atom::select_v, std::move(how.to));
  for (auto& x : found)
    // A socket that has gone meanwhile does not answer, or has no id.
    if (auto about = co_await runtime::ask<socket_description>(x.connection, request_timeout_,
                                                               atom::describe_v, x.number);
        about && ! about->id.empty())
      result.push_back(std::move(*about));
  co_return result;
}

void memory_adapter::add_sockets(const broadcast_options& how, const room_names& rooms) {
  caf::anon_send(nsp_.lane, atom::join_v, how.to, rooms);
}

void memory_adapter::del_sockets(const broadcast_options& how, const room_names& rooms) {
  caf::anon_send(nsp_.lane, atom::leave_v, how.to, rooms);
}

void memory_adapter::disconnect_sockets(const broadcast_options& how, bool close) {
  caf::anon_send(nsp_.lane, atom::kick_v, how.to, close);
}

// -- the other servers, of which there are none ------------------------------------------------

void memory_adapter::server_side_emit(payload) {
}

asio::awaitable<broadcast_answers>
memory_adapter::server_side_emit_with_ack(payload, std::chrono::milliseconds) {
  co_return broadcast_answers{};
}

asio::awaitable<std::size_t> memory_adapter::server_count() {
  co_return 1;
}

void memory_adapter::close() {
}

} // namespace atrium::api
