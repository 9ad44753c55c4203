#include "net/engine/live_session.hpp"

#include "net/engine/jsonp.hpp"
#include "net/engine/session_handler.hpp"

#include <utility>

namespace atrium::net::engine {

using actors::close_mode;
using actors::close_reason;

live_session::live_session(std::shared_ptr<shard> place, endpoint& where, request_info request,
                           wire how, std::string sid)
  : shard_{std::move(place)},
    endpoint_{where},
    id_{std::move(sid)},
    request_{std::move(request)},
    machine_{where.settings, *this, how},
    alarms_{machine_} {
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

void live_session::open_websocket(const std::shared_ptr<channel>& first) {
  if (machine_.state() == ready_state::closed)
    return first->close(); // the server stops
  machine_.open_websocket(add(first), id_);
  call_program();
}

// -- what comes from the client -------------------------------------------------------------------

session_counts live_session::counts() const noexcept {
  return {shard_->counts(), current_transport(), protocol()};
}

void live_session::took(transport over, std::size_t packets, std::size_t bytes) {
  counts().received(over, packets, bytes);
  auto& rate = endpoint_.settings.rate;
  if (! rate.any() || machine_.state() != ready_state::open)
    return;
  if (! rate_)
    rate_ = std::make_unique<rate_brake>(home(), shard_->counts(), rate,
                                         [this] { pause(pause_cause::rate, false); });
  if (rate_->take(packets, bytes))
    pause(pause_cause::rate, true);
}

request_id live_session::begin(std::shared_ptr<requester> x) {
  requests_.add(++last_number_, std::move(x));
  return last_number_;
}

void live_session::finish(request_id id) noexcept {
  requests_.remove(id);
}

channel_id live_session::add(const std::shared_ptr<channel>& x) {
  if (! channels_.add(last_number_ + 1, x)) {
    // One carries the session, one wants to. This one is told to go without a place.
    x->close();
    return 0;
  }
  auto id = ++last_number_;
  x->join(shared_from_this(), id);
  if (watch_drain_)
    watch_outbox(id, *x);
  return id;
}

void live_session::attach(const std::shared_ptr<channel>& x) {
  if (auto id = add(x); id != 0)
    machine_.on_channel(id);
}

void live_session::detach(channel_id id, close_reason why, std::string_view description) {
  if (channels_.take(id))
    machine_.on_channel_end(id, why, description);
}

// -- link ------------------------------------------------------------------------------------

void live_session::put(frame_ptr x) {
  counts().sent(1 + x->attachments.size());
  machine_.put(std::move(x));
}

bool live_session::put_volatile(frame_ptr x) {
  auto packets = 1 + x->attachments.size();
  auto sent = machine_.put_volatile(std::move(x));
  if (sent)
    counts().sent(packets);
  else if (machine_.state() == ready_state::open)
    counts().dropped_volatile();
  return sent;
}

void live_session::close(close_reason why, close_mode mode) {
  machine_.close(why, mode);
}

bool live_session::writable() const noexcept {
  if (machine_.state() != ready_state::open)
    return false;
  return machine_.queued_bytes() + channels_.bytes() < endpoint_.settings.outbox.high_water_bytes;
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
  auto* from = id ? requests_.find(*id) : nullptr;
  return from ? &from->request() : nullptr;
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
  channels_.for_each([this](channel_id id, channel& x) { watch_outbox(id, x); });
}

void live_session::watch_outbox(channel_id id, channel& x) noexcept {
  if (! watch_drain_)
    return x.out().watch(nullptr);
  x.out().watch([this, id] {
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
  if (now == 0)
    channels_.for_each([](channel_id, channel& x) { x.resume(); });
}

// -- session_port: sockets and time --------------------------------------------------------------

clock::time_point live_session::now() const {
  return home().now();
}

void live_session::respond(request_id to, http_response answer) {
  counts().answered(answer.body.size());
  if (auto* x = requests_.find(to))
    x->answer(std::move(answer));
}

void live_session::drop(request_id which) {
  if (auto* x = requests_.find(which))
    x->drop();
}

bool live_session::came_before(request_id x, request_id y) const {
  return requests_.came_before(x, y);
}

void live_session::send(channel_id to, frame_ptr x) {
  if (auto* socket = channels_.find(to))
    socket->put(std::move(x));
}

bool live_session::idle(channel_id which) const {
  auto* socket = channels_.find(which);
  return socket && socket->out().empty();
}

void live_session::close_channel(channel_id which) {
  if (auto socket = channels_.take(which))
    socket->close();
}

void live_session::arm(session_timer which, clock::time_point at) {
  alarms_.arm(home().timers(), which, at);
}

void live_session::disarm(session_timer which) {
  alarms_.disarm(home().timers(), which);
}

void live_session::flush_later() {
  if (! std::exchange(flush_asked_, true))
    home().flush_later(*this);
}

void live_session::flush() {
  flush_asked_ = false;
  machine_.on_flush();
}

void live_session::forget() {
  // This may be the last reference, and this very object may be what is calling.
  if (auto self = endpoint_.table.erase(id_))
    asio::post(home().io(), [self = std::move(self)] {});
}

} // namespace atrium::net::engine
