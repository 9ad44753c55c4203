#include "net/engine/session_machine.hpp"

#include "net/engine/answers.hpp"
#include "net/engine/jsonp.hpp"
#include "schema/json.hpp"

#include <algorithm>
#include <utility>

namespace atrium::net::engine {

using actors::close_mode;
using actors::close_reason;

namespace {

// How long a session that its client closed by POST is still known to that client's last GET.
constexpr std::chrono::milliseconds tombstone_time{1000};

} // namespace

session_machine::session_machine(const options& x, session_port& port, wire how)
  : options_{x},
    port_{port},
    wire_{how},
    heartbeat_{how.protocol, x.ping_interval, x.ping_timeout, port.now()} {
}

// -- opening ---------------------------------------------------------------------------

std::string session_machine::open_packet(std::string_view sid) const {
  json::array upgrades;
  if (polling_ && options_.allow_upgrades && options_.transports.websocket)
    upgrades.emplace_back(to_string(transport::websocket));
  json::object body{{"sid", sid},
                    {"upgrades", std::move(upgrades)},
                    {"pingInterval", options_.ping_interval.count()},
                    {"pingTimeout", options_.ping_timeout.count()},
                    {"maxPayload", options_.max_http_buffer_bytes}};
  std::string out;
  append_engine_packet(out, engine_packet_type::open, json::serialize(body));
  return out;
}

void session_machine::open_polling(request_id first, std::string_view sid,
                                   std::optional<std::string> jsonp) {
  polling_ = std::make_unique<polling_state>();
  polling_->jsonp = std::move(jsonp);
  put(text_frame(open_packet(sid)));
  if (! options_.initial_packet.empty())
    put(text_frame(to_digit(engine_packet_type::message) + options_.initial_packet));
  polling_->get = first;
  start_heartbeat();
  answer_get();
}

void session_machine::open_websocket(channel_id first, std::string_view sid) {
  channel_ = first;
  put(text_frame(open_packet(sid)));
  if (! options_.initial_packet.empty())
    put(text_frame(to_digit(engine_packet_type::message) + options_.initial_packet));
  start_heartbeat();
}

void session_machine::start_heartbeat() {
  port_.arm(session_timer::heartbeat, heartbeat_.due());
}

// -- time ------------------------------------------------------------------------------

void session_machine::on_timer(session_timer which) {
  switch (which) {
    case session_timer::heartbeat: beat(); break;
    case session_timer::noop:
      if (! upgrade_)
        break;
      if (polling_ && polling_->get && polling_->queue.empty())
        port_.respond(*std::exchange(polling_->get, std::nullopt),
                      payload(*polling_, farewell::noop));
      port_.arm(session_timer::noop, port_.now() + noop_interval);
      break;
    case session_timer::upgrade: abandon_upgrade(true); break;
    case session_timer::close:
      if (std::exchange(tombstone_, false))
        port_.forget();
      else
        end(closing_for_, {});
      break;
  }
}

void session_machine::beat() {
  if (state_ == ready_state::closed)
    return;
  auto verdict = heartbeat_.expire(port_.now());
  if (verdict == heartbeat::verdict::dead && ! paused_)
    return end(close_reason::ping_timeout, {});
  if (verdict == heartbeat::verdict::dead)
    heartbeat_.extend(port_.now()); // its pong may be among what is not read
  if (verdict == heartbeat::verdict::send_ping)
    put(control_frame("2"));
  if (state_ != ready_state::closed)
    port_.arm(session_timer::heartbeat, heartbeat_.due());
}

void session_machine::on_flush() {
  if (! polling_)
    return;
  answer_get();
  if (! paused_)
    answer_post();
}

// -- polling -----------------------------------------------------------------------------

bool session_machine::known(bool polling_get) {
  // The timer is coarse, a client that asks at the deadline is not.
  while (state_ != ready_state::closed && port_.now() >= heartbeat_.due())
    beat();
  return state_ != ready_state::closed || (tombstone_ && polling_get);
}

void session_machine::on_get(request_id id) {
  if (std::exchange(tombstone_, false)) {
    port_.respond(id, payload(*polling_, farewell::noop));
    port_.disarm(session_timer::close);
    return port_.forget();
  }
  if (! polling_)
    return port_.respond(id, refuse_request({error_code::bad_request, "Bad request", {}}));
  if (polling_->get && ! polling_->queue.empty())
    answer_get();
  if (polling_->get) {
    // Each came over a connection of its own, and the worker that read the first may have been the
    // slower one. The client expects the close in the answer to its first.
    if (port_.came_before(id, *polling_->get))
      std::swap(id, *polling_->get);
    port_.respond(id, answer_empty(400));
    return end(close_reason::transport_error, "overlap from client");
  }
  polling_->get = id;
  polling_->get_after_probe = upgrade_ && upgrade_->probed;
  if (polling_->close_on_get)
    return end(closing_for_, {}, farewell::noop_and_close);
  if (! polling_->queue.empty())
    port_.flush_later();
}

bool session_machine::on_post(request_id id, std::string_view content_type) {
  if (! polling_) {
    port_.respond(id, refuse_request({error_code::bad_request, "Bad request", {}}));
    return false;
  }
  auto framed = content_type == "application/octet-stream";
  if (polling_->uploading || (paused_ && polling_->received)) {
    port_.respond(id, answer_empty(400));
    end(close_reason::transport_error, "data request overlap from client");
    return false;
  }
  if (framed && wire_.protocol == 4) {
    port_.respond(id, answer_empty(400));
    end(close_reason::transport_error, "invalid content");
    return false;
  }
  answer_post();
  polling_->uploading = id;
  polling_->upload_framed = framed;
  return true;
}

std::size_t session_machine::on_post_body(request_id id, std::string_view body) {
  if (! polling_ || polling_->uploading != id)
    return 0;
  polling_->uploading.reset();
  polling_->received = id;
  port_.flush_later();
  std::optional<std::string> unwrapped;
  if (polling_->jsonp) {
    unwrapped = jsonp_payload(body);
    if (! unwrapped)
      return 0;
    body = *unwrapped;
  }
  std::size_t packets = 0;
  auto decoded = decode_payload(wire_, body, polling_->upload_framed, [&](auto& packet) {
    ++packets;
    return on_posted(packet);
  });
  if (! decoded && state_ == ready_state::open)
    end(close_reason::parse_error, {});
  return packets;
}

bool session_machine::on_posted(const engine_packet_view& packet) {
  if (packet.type != engine_packet_type::close)
    return on_packet(packet);
  tombstone_ = polling_ && ! polling_->get;
  end(close_reason::transport_close, {}, farewell::noop);
  return false;
}

void session_machine::on_post_too_large(request_id id) {
  if (polling_ && polling_->uploading == id)
    polling_->uploading.reset();
  auto answer = answer_empty(413);
  answer.close = true;
  port_.respond(id, std::move(answer));
}

void session_machine::on_other_method(request_id id) {
  port_.respond(id, answer_empty(500));
}

void session_machine::on_aborted(request_id id) {
  if (! polling_)
    return;
  if (polling_->get == id) {
    polling_->get.reset();
    end(close_reason::transport_error, "poll connection closed prematurely");
  } else if (polling_->uploading == id) {
    polling_->uploading.reset();
    end(close_reason::transport_error, "data request connection closed prematurely");
  } else if (polling_->received == id) {
    polling_->received.reset();
  }
}

void session_machine::answer_get() {
  if (! polling_->get || polling_->queue.empty())
    return;
  auto answer = payload(*polling_, polling_->queue);
  polling_->queue.clear();
  polling_->queued_bytes = 0;
  port_.respond(*std::exchange(polling_->get, std::nullopt), std::move(answer));
  if (state_ == ready_state::closing)
    return close_transport(close_mode::flush);
  port_.drained();
}

http_response
session_machine::payload(const polling_state& x, std::span<const frame_ptr> frames) const {
  auto text = encode_payload(wire_, frames);
  auto out = answer_payload(x.jsonp ? jsonp_script(*x.jsonp, text.body) : std::move(text.body),
                            text.binary);
  out.compress = std::any_of(frames.begin(), frames.end(), [](auto& y) { return y->compress; });
  return out;
}

http_response session_machine::payload(const polling_state& x, farewell what) const {
  std::vector<frame_ptr> frames;
  if (what != farewell::close)
    frames.push_back(control_frame("6"));
  if (what != farewell::noop)
    frames.push_back(control_frame("1"));
  return payload(x, frames);
}

void session_machine::answer_post() {
  if (polling_->received)
    port_.respond(*std::exchange(polling_->received, std::nullopt), answer_ok());
}

// -- packets -----------------------------------------------------------------------------

bool session_machine::on_packet(const engine_packet_view& packet) {
  if (watched_ && state_ == ready_state::open)
    port_.packet_came(packet);
  if (state_ != ready_state::open)
    return state_ == ready_state::closing;
  switch (packet.type) {
    case engine_packet_type::message: return on_message(packet);
    case engine_packet_type::ping:
    case engine_packet_type::pong:
      if ((packet.type == engine_packet_type::ping) != (wire_.protocol == 3)) {
        end(close_reason::transport_error, "invalid heartbeat direction");
        return false;
      }
      heartbeat_.on_beat(port_.now());
      port_.arm(session_timer::heartbeat, heartbeat_.due());
      if (wire_.protocol == 3)
        put(control_frame("3"));
      return true;
    case engine_packet_type::close: end(close_reason::transport_close, {}); return false;
    case engine_packet_type::open:
    case engine_packet_type::upgrade:
    case engine_packet_type::noop: extend_heartbeat(); break;
  }
  return true;
}

void session_machine::extend_heartbeat() {
  if (! heartbeat_.extendable())
    return;
  heartbeat_.extend(port_.now());
  port_.arm(session_timer::heartbeat, heartbeat_.due());
}

bool session_machine::on_message(const engine_packet_view& packet) {
  extend_heartbeat();
  if (packet.binary)
    port_.deliver_binary(packet.data);
  else
    port_.deliver_text(packet.data);
  return state_ != ready_state::closed;
}

// -- the program -----------------------------------------------------------------------------

void session_machine::put(frame_ptr x) {
  if (watched_ && state_ == ready_state::open)
    port_.packet_made(*x);
  if (state_ != ready_state::open)
    return;
  if (! polling_) {
    port_.send(channel_, wire_.plain() ? std::move(x) : encode_for_websocket(wire_, std::move(x)));
    return;
  }
  polling_->queued_bytes += frame_bytes(*x);
  polling_->queue.push_back(std::move(x));
  if (polling_->queued_bytes > options_.outbox.bytes_max)
    end(close_reason::transport_error, outbox_overflow);
  else if (polling_->get)
    port_.flush_later();
}

bool session_machine::put_volatile(frame_ptr x) {
  if (state_ != ready_state::open)
    return false;
  auto can_take = polling_ ? polling_->get && polling_->queue.empty() : port_.idle(channel_);
  if (can_take)
    put(std::move(x));
  return can_take;
}

void session_machine::pause_input(bool on) {
  if (std::exchange(paused_, on) && ! on && polling_ && polling_->received)
    port_.flush_later();
}

void session_machine::close(close_reason why, close_mode mode) {
  if (state_ == ready_state::closed)
    return;
  if (mode == close_mode::flush && state_ == ready_state::closing)
    return;
  closing_for_ = why;
  state_ = ready_state::closing;
  if (mode == close_mode::discard || ! polling_ || polling_->queue.empty())
    return close_transport(mode);
  answer_get(); // closes the transport behind what was waiting; without a GET, the next one does
}

void session_machine::close_transport(close_mode mode) {
  if (! polling_ || polling_->get || mode == close_mode::discard)
    return end(closing_for_, {});
  polling_->close_on_get = true;
  port_.arm(session_timer::close, port_.now() + options_.polling_close_timeout);
}

void session_machine::end(close_reason why, std::string_view description, farewell last) {
  if (state_ == ready_state::closed)
    return;
  state_ = ready_state::closed;
  for (auto x : {session_timer::heartbeat, session_timer::close})
    port_.disarm(x);
  abandon_upgrade(true);
  if (polling_)
    end_polling(last);
  if (channel_ != 0)
    port_.close_channel(std::exchange(channel_, 0));
  port_.closed(why, description);
  if (tombstone_)
    port_.arm(session_timer::close, port_.now() + tombstone_time);
  else
    port_.forget();
}

void session_machine::end_polling(farewell last) {
  polling_->queue.clear();
  polling_->queued_bytes = 0;
  if (polling_->get)
    port_.respond(*std::exchange(polling_->get, std::nullopt), payload(*polling_, last));
  if (polling_->uploading)
    port_.drop(*std::exchange(polling_->uploading, std::nullopt));
  answer_post();
}

} // namespace atrium::net::engine
