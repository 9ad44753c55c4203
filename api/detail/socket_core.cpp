#include "api/detail/socket_core.hpp"

#include "api/detail/client.hpp"
#include "api/detail/dispatch.hpp"
#include "api/detail/event_data.hpp"
#include "api/detail/guarded.hpp"
#include "api/detail/server_core.hpp"
#include "net/engine/session_id.hpp"
#include "schema/frame_codec.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>

namespace atrium::api::detail {

namespace {

epoch_ms now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// A client of Socket.IO 2 makes the ids of its sockets from that of its session.
socket_name make_id(client& owner, const std::string& nsp) {
  if (! owner.legacy())
    return net::engine::random_id();
  return nsp == "/" ? owner.session().id() : nsp + "#" + owner.session().id();
}

} // namespace

socket_core::socket_core(client& owner, std::shared_ptr<namespace_core> nsp, socket_number number,
                         json::object auth)
  : home_{owner.session().home()},
    client_{&owner},
    nsp_{std::move(nsp)},
    id_{make_id(owner, nsp_->name)},
    number_{number},
    issued_{now_ms()},
    auth_{std::move(auth)} {
}

socket_core::~socket_core() = default;

member socket_core::self() const {
  return {client_->handle(), number_};
}

bool socket_core::is_home() const noexcept {
  return runtime::worker::current() == &home_;
}

socket socket_core::handle() {
  return socket{shared_from_this()};
}

bool socket_core::recovered() const noexcept {
  return kept_ && kept_->recovered;
}

bool socket_core::leaving() const noexcept {
  return kept_ && kept_->leaving;
}

bool socket_core::hears_outgoing() const noexcept {
  return more_ && ! more_->any_outgoing.empty();
}

socket_extras& socket_core::more() {
  if (! more_)
    more_ = std::make_unique<socket_extras>();
  return *more_;
}

counters& socket_core::counts() const noexcept {
  return nsp_->owner.counts(home_.index());
}

pending_acks& socket_core::acks() {
  if (! acks_)
    acks_ = std::make_unique<pending_acks>(counts());
  return *acks_;
}

// -- to the client ---------------------------------------------------------------------

void socket_core::put_now(frame_ptr x) {
  if (x->is_volatile)
    client_->session().put_volatile(std::move(x));
  else
    client_->session().put(std::move(x));
}

void socket_core::put(frame_ptr x) {
  if (! client_ || phase_ == phase::gone)
    return;
  if (lane_.busy())
    lane_.hold(std::move(x));
  else
    put_now(std::move(x));
}

void socket_core::entered_lane() noexcept {
  lane_.enter();
}

void socket_core::passed_lane() {
  lane_.pass([this](frame_ptr x) {
    if (client_)
      put_now(std::move(x));
  });
  if (leaving() && ! lane_.busy())
    disconnect();
}

void socket_core::emit(payload args, const emit_flags& flags) {
  auto& options = nsp_->owner.options;
  auto* emitter = dispatch::current().socket;
  auto elsewhere = ! is_home();
  auto to_other = emitter && emitter != this && emitter->nsp_ == nsp_;
  packet_offset offset;
  if (nsp_->offsets && ! flags.is_volatile && (elsewhere || phase_ == phase::connected)) {
    if (! elsewhere && leaving())
      return;
    offset = nsp_->offsets->next();
    args.args.emplace_back(to_string(offset));
  }
  auto what = make_event_frame(nsp_->name, std::nullopt, args,
                               {options.wire, flags.is_volatile, flags.compress});
  // What goes to another socket goes through the lane, or it would overtake broadcasts to it. So
  // does what can be recovered, for the lane logs it in the order of delivery.
  if (elsewhere || to_other || offset.number > 0) {
    broadcast x{{{id_}, {}}, std::move(what), {}, offset};
    auto* behind = to_other ? emitter : this;
    if (! elsewhere && behind->client_) {
      x.emitter = behind->self();
      behind->entered_lane();
    }
    caf::anon_send(nsp_->lane, atom::emit_v, std::move(x));
    return;
  }
  if (hears_outgoing() && phase_ != phase::gone)
    tell_outgoing(make_event(std::move(args)));
  put(std::move(what));
}

void socket_core::request(payload args, const emit_flags& flags, pending_acks::completion then) {
  if (! client_ || phase_ == phase::gone)
    return then(errc::cancelled);
  auto& options = nsp_->owner.options;
  if (acks().size() >= options.acks_waiting_max) {
    counts().acks_refused.add();
    return then(errc::limit_exceeded);
  }
  auto id = nsp_->next_ack_id();
  if (hears_outgoing())
    tell_outgoing(make_event(args));
  acks().add(home_, id, flags.timeout, std::move(then));
  put(make_event_frame(nsp_->name, id, args, {options.wire, flags.is_volatile, flags.compress}));
}

void socket_core::acknowledge(std::uint64_t id, const payload& args) {
  if (phase_ == phase::connected)
    put(make_ack_frame(nsp_->name, id, args, {nsp_->owner.options.wire, false, true}));
}

void socket_core::acknowledge(std::uint64_t id, std::string_view array) {
  if (phase_ != phase::connected)
    return;
  if (nsp_->owner.options.wire == packet_wire::msgpack) {
    if (auto parsed = parse_json(array))
      acknowledge(id, payload{std::move(parsed->as_array()), {}});
    return;
  }
  std::string text{'4'};
  encode_socket_packet(text, socket_packet_type::ack, nsp_->name, id, 0, nullptr);
  text.append(array);
  auto x = std::make_shared<frame>();
  x->head = make_frame_part(text, false);
  put(std::move(x));
}

void socket_core::deliver(const frame_ptr& x) {
  if (phase_ == phase::connecting && recovered() && client_) {
    // Behind what the client has missed, which it gets when the middlewares let it pass.
    if (kept_->missed.size() < nsp_->owner.options.recovery->packets_max)
      kept_->missed.push_back(x);
    else
      client_->close(actors::close_reason::forced_close);
    return;
  }
  if (phase_ != phase::connected)
    return;
  if (hears_outgoing()) {
    auto keep = shared_from_this();
    tell_outgoing(*x);
    if (phase_ != phase::connected) // a listener has ended it
      return;
  }
  put_now(x);
}

void socket_core::deliver(const ack_request& x) {
  if (phase_ != phase::connected)
    return;
  acks().add(home_, x.id, std::chrono::milliseconds{x.timeout_ms},
             [sink = x.sink](result<payload> answer) {
               if (answer)
                 sink->answer(std::move(*answer));
             });
  deliver(x.what);
}

void socket_core::tell_outgoing(const event& x) {
  for (auto& entry : std::vector{more_->any_outgoing})
    guarded(home_, [&] { entry.second(x); });
}

void socket_core::tell_outgoing(const frame& x) {
  // A broadcast comes encoded; only whoever listens pays for its arguments.
  auto bytes = x.head.payload();
  if (x.head.binary) {
    auto whole = decode_socket_packet_msgpack(bytes);
    if (whole && whole->packet.data.is_array())
      tell_outgoing(
        make_event({std::move(whole->packet.data.as_array()), std::move(whole->attachments)}));
    return;
  }
  socket_packet_limits unlimited;
  unlimited.attachments_max = std::numeric_limits<std::uint32_t>::max();
  auto packet = decode_socket_packet(bytes.substr(1), unlimited);
  if (! packet || ! packet->data.is_array())
    return;
  payload content{std::move(packet->data.as_array()), {}};
  for (auto& part : x.attachments)
    content.attachments.emplace_back(part.payload());
  tell_outgoing(make_event(std::move(content)));
}

// -- from the client -------------------------------------------------------------------

void socket_core::on_ack(std::uint64_t id, payload args) {
  if (acks_)
    acks_->answer(id, std::move(args));
}

bool socket_core::refused(const event& x) {
  if (! more_)
    return false;
  // Those that there are now: one may add others, or end the socket, which drops them all.
  auto size = more_->middlewares.size();
  for (std::size_t i = 0; i < std::min(size, more_->middlewares.size()); ++i) {
    auto ask = more_->middlewares[i];
    // One that throws refuses the event too.
    std::optional<std::string> error{"internal error"};
    guarded(home_, [&] { error = ask(x); });
    if (! error)
      continue;
    raise_error(*error);
    return true;
  }
  return false;
}

bool socket_core::call_listeners(const event& x) {
  if (! more_)
    return false;
  // Listeners may add and remove listeners: call those that are there now.
  std::vector<std::function<void(event)>> now;
  auto& all = more_->listeners;
  for (auto i = all.begin(); i != all.end();)
    if (i->name == x.name()) {
      now.push_back(i->f);
      i = i->once ? all.erase(i) : std::next(i);
    } else {
      ++i;
    }
  for (auto& f : now)
    guarded(home_, [&] { f(x); });
  return ! now.empty();
}

void socket_core::on_event(std::optional<std::uint64_t> ack_id, payload content) {
  if (leaving())
    return;
  auto keep = shared_from_this();
  counts().events_received.add();
  auto x = make_event(std::move(content));
  if (ack_id) {
    x.data_->ack_id = ack_id;
    x.data_->from = keep;
  }
  dispatch_scope scope{{this, client_->in_flight()}};
  if (more_ && ! more_->any.empty())
    for (auto& entry : std::vector{more_->any})
      guarded(home_, [&] { entry.second(x); });
  if (refused(x))
    return;
  auto heard = call_listeners(x);
  auto& table = nsp_->table();
  auto shared = table.handlers.find(x.name());
  if (shared != table.handlers.end())
    for (auto& f : shared->second)
      guarded(home_, [&] { f(handle(), x); });
  else if (! heard && table.on_unhandled)
    guarded(home_, [&] { table.on_unhandled(handle(), x); });
}

void socket_core::raise_error(std::string_view text) {
  if (more_)
    for (auto& f : std::vector{more_->on_error})
      guarded(home_, [&] { f(text); });
}

// -- rooms -------------------------------------------------------------------------------

void socket_core::join(const room_names& rooms) {
  if (phase_ == phase::gone)
    return;
  mirror_join(rooms);
  nsp_->reach().add_all(id_, rooms);
}

void socket_core::leave(const room_names& rooms) {
  if (phase_ == phase::gone)
    return;
  mirror_leave(rooms);
  nsp_->reach().del(id_, rooms);
}

void socket_core::mirror_join(const room_names& rooms) {
  for (auto& room : rooms)
    if (std::ranges::find(rooms_, room) == rooms_.end())
      rooms_.push_back(room);
}

void socket_core::mirror_leave(const room_names& rooms) {
  for (auto& room : rooms)
    std::erase(rooms_, room);
}

void socket_core::watch(topic_channel channel, std::string pattern, bool on) {
  if (phase_ == phase::gone)
    return;
  if (on)
    caf::anon_send(nsp_->lane, atom::watch_v, id_, channel, std::move(pattern));
  else
    caf::anon_send(nsp_->lane, atom::unwatch_v, id_, channel, std::move(pattern));
}

std::vector<std::string> socket_core::rooms() const {
  if (phase_ == phase::gone)
    return {};
  std::vector<std::string> result{id_};
  result.insert(result.end(), rooms_.begin(), rooms_.end());
  return result;
}

} // namespace atrium::api::detail
