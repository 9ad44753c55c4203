#include "net/engine/live_session.hpp"

#include "net/engine/channel.hpp"
#include "net/engine/jsonp.hpp"
#include "net/engine/session_handler.hpp"

#include <algorithm>
#include <utility>

namespace atrium::net::engine {

using actors::close_mode;
using actors::close_reason;

namespace {

/// The packet in a part of a frame; its text part is one of ours, so it decodes.
std::optional<engine_packet_view> packet_of(const frame_part& x) {
  auto payload = x.payload();
  if (x.binary)
    return engine_packet_view{engine_packet_type::message, true, payload};
  std::string scratch;
  auto out = decode_engine_packet(payload, scratch);
  if (! out || out->binary)
    return std::nullopt;
  return *out;
}

} // namespace

/// The alarms that most sessions never need.
struct live_session::rare_alarms {
  explicit rare_alarms(live_session& owner)
    : upgrade{owner, session_timer::upgrade},
      noop{owner, session_timer::noop},
      close{owner, session_timer::close} {
  }
  alarm upgrade;
  alarm noop;
  alarm close;
};

/// What the client may send, and the end of its pause.
struct live_session::rate_brake final : runtime::timer_wheel::entry {
  rate_brake(live_session& owner, const rate_options& x) : session{owner}, limit{x, owner.now()} {
  }
  void fire() override {
    session.pause(pause_cause::rate, false);
  }
  live_session& session;
  rate_limit limit;
};

live_session::live_session(std::shared_ptr<shard> place, endpoint& where, request_info request,
                           wire how, std::string sid)
  : shard_{std::move(place)},
    endpoint_{where},
    id_{std::move(sid)},
    request_{std::move(request)},
    machine_{where.settings, *this, how},
    heartbeat_alarm_{*this, session_timer::heartbeat} {
  request_.headers.shrink();
  request_.query.shrink();
}

live_session::~live_session() {
  if (flush_asked_)
    home().forget(*this);
}

request_id live_session::open_polling(std::shared_ptr<requester> first) {
  auto id = begin(std::move(first));
  std::optional<std::string> jsonp;
  if (auto j = request_.query.find("j"))
    jsonp = jsonp_index(*j);
  machine_.open_polling(id, id_, std::move(jsonp));
  call_program();
  return id;
}

void live_session::open_websocket(std::shared_ptr<channel> first) {
  if (machine_.state() == ready_state::closed)
    return first->close(); // the server stops
  machine_.open_websocket(add(std::move(first)), id_);
  call_program();
}

void live_session::call_program() {
  guarded([this] { handler_ = endpoint_.accept(*this); });
  if (! handler_)
    close(close_reason::forced_close, close_mode::discard);
  else if (machine_.state()
           == ready_state::closed) // by the program itself, while it made the handler
    handler_->on_close(close_reason::forced_close, {});
  else
    opened();
}

// -- counting --------------------------------------------------------------------------------

traffic::flow& live_session::flow(transport over) const noexcept {
  return shard_->counts().by_transport[static_cast<std::size_t>(over)];
}

void live_session::opened() {
  shard_->counts().sessions_opened.add();
  flow(current_transport()).sessions[protocol() == 3].add();
}

void live_session::took(transport over, std::size_t packets, std::size_t bytes) {
  auto& counts = flow(over);
  counts.packets_received.add(packets);
  counts.bytes_received.add(bytes);
  auto& rate = endpoint_.settings.rate;
  if (! rate.any() || machine_.state() != ready_state::open)
    return;
  if (! rate_)
    rate_ = std::make_unique<rate_brake>(*this, rate);
  if (! rate_->limit.take(packets, bytes))
    return;
  auto now = home().now();
  auto wait = rate_->limit.wait(now);
  if (wait <= wait.zero())
    return;
  auto& all = shard_->counts();
  (rate_->limit.packets_rule() ? all.packet_rate_pauses : all.byte_rate_pauses).add();
  home().timers().arm(*rate_, now + wait);
  pause(pause_cause::rate, true);
}

void live_session::oversize(transport over) {
  flow(over).oversize.add();
  if (auto& tell = endpoint_.settings.on_oversize)
    guarded([&] { tell(*this); });
}

request_id live_session::begin(std::shared_ptr<requester> x) {
  requests_.push_back({++last_number_, std::move(x)});
  return last_number_;
}

void live_session::finish(request_id id) noexcept {
  std::erase_if(requests_, [id](auto& x) { return x.id == id; });
  if (requests_.empty())
    requests_.shrink_to_fit();
}

channel_id live_session::add(std::shared_ptr<channel> x) {
  auto* free = find(0);
  if (! free) {
    // Both are taken: one carries the session, or wants to. This one is told to go without a slot.
    x->close();
    return 0;
  }
  free->id = ++last_number_;
  x->join(shared_from_this(), free->id);
  free->socket = std::move(x);
  if (watch_drain_)
    watch_outbox(*free);
  return free->id;
}

void live_session::attach(std::shared_ptr<channel> x) {
  if (auto id = add(std::move(x)); id != 0)
    machine_.on_channel(id);
}

void live_session::detach(channel_id id, close_reason why, std::string_view description) {
  auto* x = find(id);
  if (! x)
    return;
  *x = {};
  machine_.on_channel_end(id, why, description);
}

live_session::slot* live_session::find(channel_id id) noexcept {
  auto i = std::find_if(channels_.begin(), channels_.end(), [id](auto& x) { return x.id == id; });
  return i == channels_.end() ? nullptr : &*i;
}

// -- link ------------------------------------------------------------------------------------

void live_session::put(frame_ptr x) {
  flow(current_transport()).packets_sent.add(1 + x->attachments.size());
  machine_.put(std::move(x));
}

bool live_session::put_volatile(frame_ptr x) {
  auto packets = 1 + x->attachments.size();
  auto sent = machine_.put_volatile(std::move(x));
  if (sent)
    flow(current_transport()).packets_sent.add(packets);
  else if (machine_.state() == ready_state::open)
    shard_->counts().volatile_dropped.add();
  return sent;
}

void live_session::close(close_reason why, close_mode mode) {
  machine_.close(why, mode);
}

bool live_session::writable() const noexcept {
  if (machine_.state() != ready_state::open)
    return false;
  auto bytes = machine_.queued_bytes();
  for (auto& x : channels_)
    if (x.socket)
      bytes += x.socket->out().bytes();
  return bytes < endpoint_.settings.outbox.high_water_bytes;
}

// -- session ---------------------------------------------------------------------------------

const std::string& live_session::id() const noexcept {
  return id_;
}

int live_session::protocol() const noexcept {
  return machine_.protocol();
}

runtime::worker& live_session::home() const noexcept {
  return shard_->home();
}

const request_info& live_session::request() const noexcept {
  return request_;
}

const request_info* live_session::post() const noexcept {
  auto id = machine_.received_post();
  for (auto& x : requests_)
    if (id == x.id)
      return &x.from->request();
  return nullptr;
}

transport live_session::current_transport() const noexcept {
  return machine_.current();
}

bool live_session::upgraded() const noexcept {
  return machine_.upgraded();
}

ready_state live_session::state() const noexcept {
  return machine_.state();
}

void live_session::watch_drain(bool on) noexcept {
  watch_drain_ = on;
  for (auto& x : channels_)
    if (x.socket)
      watch_outbox(x);
}

void live_session::watch_outbox(const slot& x) noexcept {
  if (! watch_drain_)
    return x.socket->out().watch(nullptr);
  x.socket->out().watch([this, id = x.id] {
    if (machine_.channel() == id)
      drained();
  });
}

void live_session::pause_input(bool on) {
  pause(pause_cause::program, on);
}

void live_session::pause(pause_cause why, bool on) {
  auto bit = static_cast<unsigned>(why);
  auto now = on ? pauses_ | bit : pauses_ & ~bit;
  auto before = std::exchange(pauses_, static_cast<std::uint8_t>(now));
  if ((before != 0) == (now != 0))
    return;
  machine_.pause_input(now != 0);
  if (now != 0)
    return;
  for (auto& x : channels_)
    if (x.socket)
      x.socket->resume();
}

// -- session_port: sockets and time --------------------------------------------------------------

clock::time_point live_session::now() const {
  return home().now();
}

requester* live_session::find_request(request_id id) const noexcept {
  for (auto& x : requests_)
    if (x.id == id)
      return x.from.get();
  return nullptr;
}

void live_session::respond(request_id to, http_response answer) {
  flow(transport::polling).bytes_sent.add(answer.body.size());
  if (auto* x = find_request(to))
    x->answer(std::move(answer));
}

void live_session::drop(request_id which) {
  if (auto* x = find_request(which))
    x->drop();
}

bool live_session::came_before(request_id x, request_id y) const {
  auto* first = find_request(x);
  auto* second = find_request(y);
  if (! first || ! second)
    return false;
  auto age = first->age();
  auto other = second->age();
  return age && other && *age > *other;
}

void live_session::send(channel_id to, frame_ptr x) {
  if (auto* s = find(to); s && s->socket)
    s->socket->put(std::move(x));
}

bool live_session::idle(channel_id which) const {
  auto i
    = std::find_if(channels_.begin(), channels_.end(), [which](auto& x) { return x.id == which; });
  return i != channels_.end() && i->socket && i->socket->out().empty();
}

void live_session::close_channel(channel_id which) {
  if (auto* s = find(which); s && s->socket)
    std::exchange(*s, {}).socket->close();
}

live_session::alarm& live_session::alarm_of(session_timer which) {
  if (which == session_timer::heartbeat)
    return heartbeat_alarm_;
  if (! rare_alarms_)
    rare_alarms_ = std::make_unique<rare_alarms>(*this);
  switch (which) {
    case session_timer::upgrade: return rare_alarms_->upgrade;
    case session_timer::noop: return rare_alarms_->noop;
    default: return rare_alarms_->close;
  }
}

void live_session::arm(session_timer which, clock::time_point at) {
  home().timers().arm(alarm_of(which), at);
}

void live_session::disarm(session_timer which) {
  if (which == session_timer::heartbeat || rare_alarms_)
    home().timers().cancel(alarm_of(which));
}

void live_session::alarm::fire() {
  session.machine_.on_timer(which);
}

void live_session::flush_later() {
  if (! std::exchange(flush_asked_, true))
    home().flush_later(*this);
}

void live_session::flush() {
  flush_asked_ = false;
  machine_.on_flush();
}

// -- session_port: the program --------------------------------------------------------------------

/// Runs a piece of the program: what it throws costs its own session, and nothing else.
template <class F>
void live_session::guarded(F&& f) noexcept {
  try {
    f();
  } catch (...) {
    home().report("session handler", std::current_exception());
    machine_.close(close_reason::forced_close, close_mode::discard);
  }
}

/// Calls those who watch, also those who begin to while they are called.
template <class List, class... Args>
void live_session::tell(List session_watchers::*which, const Args&... args) {
  if (! watchers_)
    return;
  auto& list = *watchers_.*which;
  for (std::size_t i = 0; i < list.size(); ++i)
    guarded([f = list[i], &args...] { f(args...); });
}

session_watchers& live_session::watchers() {
  if (! watchers_)
    watchers_ = std::make_unique<session_watchers>();
  machine_.watch();
  return *watchers_;
}

void live_session::packet_came(const engine_packet_view& x) {
  tell(&session_watchers::packet, x);
}

void live_session::packet_made(const frame& x) {
  auto tell_part = [this, &x](const frame_part& part) {
    auto packet = packet_of(part);
    if (packet)
      tell(&session_watchers::packet_create, *packet, x.compress);
  };
  tell_part(x.head);
  for (auto& part : x.attachments)
    tell_part(part);
}

void live_session::deliver_text(std::string_view text) {
  if (handler_)
    guarded([this, text] { handler_->on_text(text); });
}

void live_session::deliver_binary(std::string_view bytes) {
  if (handler_)
    guarded([this, bytes] { handler_->on_binary(bytes); });
}

void live_session::on_upgraded() {
  if (handler_) {
    shard_->counts().upgrades.add();
    flow(transport::polling).sessions[protocol() == 3].sub();
    flow(transport::websocket).sessions[protocol() == 3].add();
  }
  tell(&session_watchers::upgrade);
  if (handler_)
    guarded([this] { handler_->on_upgrade(); });
}

void live_session::drained() {
  if (! handler_ || ! watch_drain_ || machine_.state() != ready_state::open)
    return;
  tell(&session_watchers::drain);
  if (handler_)
    guarded([this] { handler_->on_drain(); });
}

void live_session::closed(close_reason why, std::string_view description) {
  tell(&session_watchers::close, why, description);
  if (! handler_)
    return;
  if (rate_)
    home().timers().cancel(*rate_);
  auto& counts = shard_->counts();
  counts.sessions_closed[static_cast<std::size_t>(why)].add();
  if (description == outbox_overflow)
    counts.outbox_overflows.add();
  flow(current_transport()).sessions[protocol() == 3].sub();
  guarded([this, why, description] { handler_->on_close(why, description); });
  // The handler may be what is calling.
  asio::post(home().io(), [handler = std::shared_ptr<session_handler>{std::move(handler_)}] {});
}

void live_session::forget() {
  // This may be the last reference, and this very object may be what is calling.
  if (auto self = endpoint_.table.erase(id_))
    asio::post(home().io(), [self = std::move(self)] {});
}

} // namespace atrium::net::engine
