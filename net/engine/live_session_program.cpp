#include "net/engine/live_session.hpp"
#include "net/engine/session_handler.hpp"

#include <utility>

/// The part of the session that calls the program: its handler, and whoever watches.

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

void live_session::call_program() {
  guarded([this] { handler_ = endpoint_.accept(*this); });
  if (! handler_)
    close(close_reason::forced_close, close_mode::discard);
  else if (machine_.state()
           == ready_state::closed) // by the program itself, while it made the handler
    handler_->on_close(close_reason::forced_close, {});
  else
    counts().opened();
}

void live_session::oversize(transport over) {
  counts().oversize(over);
  if (auto& tell = endpoint_.settings.on_oversize)
    guarded([&] { tell(*this); });
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
  if (handler_)
    counts().upgraded();
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
    rate_->cancel();
  counts().closed(why, description);
  guarded([this, why, description] { handler_->on_close(why, description); });
  // The handler may be what is calling.
  asio::post(home().io(), [handler = std::shared_ptr<session_handler>{std::move(handler_)}] {});
}

} // namespace atrium::net::engine
