#include "api/detail/client.hpp"

#include "api/detail/server_core.hpp"
#include "schema/log.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>

namespace atrium::api::detail {

namespace {

/// From this size on, a packet's JSON is built in an arena of its own.
constexpr std::size_t arena_from_bytes = 1024;

/// How often a congested program is asked again.
constexpr std::chrono::milliseconds congestion_interval{5};

json::storage_ptr storage_for(std::string_view text) {
  if (text.size() < arena_from_bytes)
    return {};
  return json::make_shared_resource<json::monotonic_resource>(text.size());
}

} // namespace

client::client(server_core& owner, net::engine::session& link)
  : owner_{owner},
    link_{link},
    actor_{spawn_connection(link.home(), *this)} {
  owner_.clients.fetch_add(1, std::memory_order_relaxed);
  auto& home = link.home();
  home.timers().arm(patience_, home.now() + owner.options.connect_timeout);
}

client::~client() {
  if (unclaimed_) // its opening threw
    claimed();
  if (rare_)
    for (auto& [nsp, x] : rare_->joining)
      x->owner = nullptr;
  owner_.clients.fetch_sub(1, std::memory_order_relaxed);
  for (auto& x : all())
    x->forget_client();
  flights_->landed = nullptr;
  actor_.end();
}

void client::patience::fire() {
  owner_.close(actors::close_reason::forced_server_close);
}

void client::close(actors::close_reason why) {
  if (ended_)
    return;
  link_.close(why, actors::close_mode::flush);
  if (ended_)
    return;
  // A polling client is told by its next GET. Its sockets end now, with the reference's word for
  // it.
  for (auto& x : all())
    x->leave_namespace(to_string(actors::close_reason::forced_server_close), {});
}

counters& client::counts() const noexcept {
  return owner_.counts(link_.home().index());
}

void client::broken(std::string_view how) {
  log::debug("packet-refused", how, {{"sid", link_.id()}});
  counts().malformed.add();
  for (auto& x : all())
    x->raise_error(how);
  close(actors::close_reason::forced_close);
}

std::shared_ptr<socket_core> client::at(socket_number i) const {
  auto* x = seats_.at(i);
  return x ? *x : nullptr;
}

void client::drop(const socket_core& x) {
  seats_.remove(x);
  close_when_left();
}

void client::drop_by_server(const socket_core& x) {
  drop(x);
  if (! dispatch::current().in_flight)
    return;
  rare().just_left.push_back(x.nsp()->name);
  link_.home().post([mine = std::weak_ptr{rare_}] {
    if (auto rare = mine.lock())
      rare->just_left.clear();
  });
}

client::rarities& client::rare() {
  if (! rare_)
    rare_ = std::make_shared<rarities>();
  return *rare_;
}

bool client::is_joining(std::string_view nsp) const {
  return rare_ && rare_->joining.contains(nsp);
}

bool client::has_just_left(std::string_view nsp) const {
  return rare_ && std::ranges::find(rare_->just_left, nsp) != rare_->just_left.end();
}

// -- from the session ------------------------------------------------------------------

void client::on_text(std::string_view text) {
  if (owner_.options.wire == packet_wire::msgpack)
    return broken("got text, this server speaks msgpack");
  auto packet = decode_socket_packet(text, owner_.options.packets, storage_for(text));
  if (! packet)
    return broken(packet.error().message());
  if (packet->attachments == 0 && ! assembler_)
    return on_packet(std::move(*packet), {});
  if (! assembler_)
    assembler_ = std::make_unique<binary_assembler>(owner_.options.attachment_bytes_max);
  auto whole = assembler_->add_packet(std::move(*packet));
  if (! whole)
    return broken("got plaintext data when reconstructing a packet");
}

void client::on_binary(std::string_view bytes) {
  if (owner_.options.wire == packet_wire::msgpack) {
    auto whole = decode_socket_packet_msgpack(bytes, owner_.options.msgpack);
    if (! whole)
      return broken(whole.error().message());
    return on_packet(std::move(whole->packet), std::move(whole->attachments));
  }
  if (! assembler_)
    return broken("got binary data when not reconstructing a packet");
  auto whole = assembler_->add_binary(bytes);
  if (! whole)
    return broken("illegal attachments");
  if (! *whole)
    return;
  assembler_.reset();
  on_packet(std::move((*whole)->packet), std::move((*whole)->attachments));
}

void client::on_packet(socket_packet packet, std::vector<std::string> attachments) {
  if (packet.type == socket_packet_type::connect)
    return on_connect(std::move(packet));
  auto x = seats_.find(packet.nsp);
  if (! x && has_just_left(packet.nsp))
    return;
  if (! x || x->now() != socket_core::phase::connected)
    return broken("got a packet for a namespace that was not joined");
  switch (packet.type) {
    case socket_packet_type::event:
    case socket_packet_type::binary_event:
      if (packet.data.is_array()) {
        x->on_event(packet.id, {std::move(packet.data.as_array()), std::move(attachments)});
        brake();
      }
      return;
    case socket_packet_type::ack:
    case socket_packet_type::binary_ack: {
      payload args;
      if (packet.data.is_array())
        args = {std::move(packet.data.as_array()), std::move(attachments)};
      if (packet.id)
        x->on_ack(*packet.id, std::move(args));
      return;
    }
    case socket_packet_type::disconnect:
      drop(*x);
      x->leave_namespace("client namespace disconnect", {});
      return;
    default: return broken("got a packet that only servers send");
  }
}

// -- backpressure -----------------------------------------------------------------------

void client::brake() {
  auto& options = owner_.options;
  auto full = flights_->count >= options.events_in_flight_max;
  auto congested = options.congested && options.congested();
  if (ended_ || braked_ || ! (full || congested))
    return;
  braked_ = true;
  counts().brakes.add();
  link_.pause_input(true);
  flights_->landed = [this] { release_brake(); };
  if (! congested)
    return;
  congestion_ = std::make_unique<runtime::timer>(link_.home());
  congestion_->arm(congestion_interval, [this] { release_brake(); });
}

void client::release_brake() {
  auto& options = owner_.options;
  if (ended_)
    return;
  if (congestion_ && options.congested()) {
    congestion_->arm(congestion_interval, [this] { release_brake(); });
    return;
  }
  // Half of the room, so that a client at the limit does not start and stop with every event.
  if (2 * flights_->count > options.events_in_flight_max)
    return;
  braked_ = false;
  flights_->landed = nullptr;
  congestion_.reset();
  link_.pause_input(false);
}

// -- its end -------------------------------------------------------------------------------

void client::disconnect_all() {
  for (auto& x : all())
    x->disconnect();
  leaving_ = true;
  close_when_left();
}

void client::close_when_left() {
  if (leaving_ && std::ranges::none_of(all(), [](auto& x) { return x->leaving(); }))
    close(actors::close_reason::forced_close);
}

void client::on_close(actors::close_reason why, std::string_view description) {
  ended_ = true;
  claimed();
  for (auto& x : all())
    x->leave_namespace(to_string(why), description);
}

// -- from the lanes ------------------------------------------------------------------------

void client::on_deliver(socket_number to, const frame_ptr& what) {
  if (auto* x = seats_.at(to))
    (*x)->deliver(what);
}

void client::on_deliver(socket_number to, const ack_request& what) {
  if (auto x = at(to))
    x->deliver(what);
}

void client::on_passed(socket_number from) {
  if (auto x = at(from))
    x->passed_lane();
}

void client::on_join(socket_number who, const room_names& rooms) {
  if (auto x = at(who))
    x->mirror_join(rooms);
}

void client::on_leave(socket_number who, const room_names& rooms) {
  if (auto x = at(who))
    x->mirror_leave(rooms);
}

void client::on_kick(socket_number who, bool whole_link) {
  auto x = at(who);
  if (! x)
    return;
  if (whole_link)
    disconnect_all();
  else
    x->disconnect();
}

void client::on_closed(socket_number who) {
  if (auto x = at(who)) {
    drop(*x);
    x->leave_namespace("server shutting down", {});
    link_.close(actors::close_reason::server_shutting_down, actors::close_mode::discard);
  }
}

void client::on_restored(socket_number who, restored& what) {
  auto x = at(who);
  if (! x)
    return;
  if (what.refusal == recovery_refusal::none) {
    x->adopt(what);
    return enter(x);
  }
  x->refuse_recovery(what.refusal);
  if (x->now() == socket_core::phase::gone)
    return;
  x->attach();
  enter(x);
}

void client::on_yield(socket_number who) {
  // What the client says for itself: its transport is gone.
  if (! at(who) || ended_)
    return;
  constexpr auto why = actors::close_reason::transport_close;
  link_.close(why, actors::close_mode::discard);
  if (ended_)
    return;
  for (auto& x : all())
    x->leave_namespace(to_string(why), {});
}

socket_description client::describe(socket_number who) {
  auto x = at(who);
  return x ? x->describe() : socket_description{};
}

} // namespace atrium::api::detail
