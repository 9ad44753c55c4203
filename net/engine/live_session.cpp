#include "net/engine/live_session.hpp"

#include "net/engine/channel.hpp"
#include "net/engine/session_handler.hpp"

#include <algorithm>
#include <utility>

namespace atrium::net::engine {

using actors::close_mode;
using actors::close_reason;

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
  machine_.open_polling(id, id_);
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
  if (watch_drain_)
    x->out().watch([this] { drained(); });
  free->socket = std::move(x);
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
  machine_.put(std::move(x));
}

bool live_session::put_volatile(frame_ptr x) {
  return machine_.put_volatile(std::move(x));
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
      x.socket->out().watch(on ? std::function<void()>{[this] { drained(); }} : nullptr);
}

void live_session::pause_input(bool on) {
  machine_.pause_input(on);
  if (on)
    return;
  for (auto& x : channels_)
    if (x.socket)
      x.socket->resume();
}

// -- session_port: sockets and time --------------------------------------------------------------

clock::time_point live_session::now() const {
  return home().now();
}

void live_session::respond(request_id to, http_response answer) {
  for (auto& x : requests_)
    if (x.id == to)
      return x.from->answer(std::move(answer));
}

void live_session::drop(request_id which) {
  for (auto& x : requests_)
    if (x.id == which)
      return x.from->drop();
}

void live_session::send(channel_id to, frame_ptr x) {
  if (auto* s = find(to); s && s->socket)
    s->socket->out().put(std::move(x));
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

void live_session::deliver_text(std::string_view text) {
  if (handler_)
    guarded([this, text] { handler_->on_text(text); });
}

void live_session::deliver_binary(std::string_view bytes) {
  if (handler_)
    guarded([this, bytes] { handler_->on_binary(bytes); });
}

void live_session::on_upgraded() {
  if (handler_)
    guarded([this] { handler_->on_upgrade(); });
}

void live_session::drained() {
  if (handler_ && watch_drain_ && machine_.state() == ready_state::open)
    guarded([this] { handler_->on_drain(); });
}

void live_session::closed(close_reason why, std::string_view description) {
  if (! handler_)
    return;
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
