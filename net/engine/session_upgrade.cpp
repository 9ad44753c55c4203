#include "net/engine/answers.hpp"
#include "net/engine/session_machine.hpp"
#include "schema/engine_payload_v3.hpp"

#include <utility>

/// The part of the machine that has to do with WebSockets: packets on the one that carries the
/// session, and the upgrade, which moves a polling session to another.
///
///     client                         server
///       | WebSocket with the sid  -->  |   101; on_channel
///       | 2probe                  -->  |
///       |                         <--  | 3probe; from now on a noop every 100 ms ends a waiting
///       GET | 5                       -->  |   switch_transport: what waits goes out over the
///       WebSocket

namespace atrium::net::engine {

using actors::close_reason;

void session_machine::on_channel(channel_id id) {
  if (upgrade_ || ! polling_ || state_ == ready_state::closed)
    return port_.close_channel(id);
  upgrade_ = std::make_unique<upgrade_state>(upgrade_state{id});
  port_.arm(session_timer::upgrade, port_.now() + options_.upgrade_timeout);
}

void session_machine::on_channel_text(channel_id id, std::string_view packet) {
  if (id != channel_) {
    if (upgrade_ && upgrade_->channel == id)
      on_probe_packet(packet);
    return;
  }
  // Nearly all packets are these, and need no decoding.
  if (packet.starts_with('4') && state_ == ready_state::open && ! watched_) {
    on_message({engine_packet_type::message, false, packet.substr(1)});
    return;
  }
  std::string scratch;
  auto decoded = wire_.protocol == 4 ? decode_engine_packet(packet, scratch)
                                     : decode_engine_packet_v3(packet, scratch);
  if (decoded)
    on_packet(*decoded);
  else
    end(close_reason::parse_error, {});
}

void session_machine::on_channel_binary(channel_id id, std::string_view bytes) {
  if (id != channel_) {
    if (upgrade_ && upgrade_->channel == id)
      abandon_upgrade(true);
    return;
  }
  if (wire_.protocol == 4) {
    on_packet({engine_packet_type::message, true, bytes});
    return;
  }
  if (auto decoded = decode_engine_binary_v3(bytes))
    on_packet(*decoded);
  else
    end(close_reason::parse_error, {});
}

void session_machine::on_channel_end(channel_id id, close_reason why,
                                     std::string_view description) {
  if (upgrade_ && upgrade_->channel == id)
    return abandon_upgrade(false);
  if (id != channel_)
    return;
  channel_ = 0;
  end(why, description);
}

void session_machine::on_probe_packet(std::string_view packet) {
  if (packet == "2probe") {
    upgrade_->probed = true;
    port_.send(upgrade_->channel, control_frame("3probe"));
    port_.arm(session_timer::noop, port_.now() + noop_interval);
  } else if (packet.starts_with('5')) {
    switch_transport();
  } else {
    abandon_upgrade(true);
  }
}

void session_machine::switch_transport() {
  auto from = std::move(polling_);
  channel_ = upgrade_->channel;
  upgrade_.reset();
  upgraded_ = true;
  for (auto x : {session_timer::upgrade, session_timer::noop, session_timer::close})
    port_.disarm(x);
  // A client pauses its polling before it switches. Who asks after the probe anyway comes too late.
  if (from->get)
    port_.respond(*from->get, from->get_after_probe
                                ? refuse_request({error_code::bad_request, "Bad request", {}})
                                : payload(*from, farewell::close));
  if (from->uploading)
    port_.drop(*from->uploading);
  if (from->received)
    port_.respond(*from->received, answer_ok());
  heartbeat_.on_switch(port_.now());
  port_.arm(session_timer::heartbeat, heartbeat_.due());
  for (auto& x : from->queue)
    port_.send(channel_, encode_for_websocket(wire_, std::move(x)));
  port_.on_upgraded();
  if (state_ == ready_state::closing)
    end(closing_for_, {});
}

void session_machine::abandon_upgrade(bool close_channel) {
  if (! upgrade_)
    return;
  auto id = std::exchange(upgrade_, nullptr)->channel;
  port_.disarm(session_timer::upgrade);
  port_.disarm(session_timer::noop);
  if (close_channel)
    port_.close_channel(id);
}

} // namespace atrium::net::engine
