#include "api/detail/client.hpp"

#include "api/detail/server_core.hpp"
#include "schema/frame_codec.hpp"
#include "schema/log.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <caf/send.hpp>

namespace atrium::api::detail {

namespace {

/// From this size on, a packet's JSON is built in an arena of its own.
constexpr std::size_t arena_from_bytes = 1024;

/// How often a congested program is asked again.
constexpr std::chrono::milliseconds congestion_interval{5};

/// What a middleware's error looks like to the client: to one of Socket.IO 2 it is a text, or the
/// data.
json::value refusal_of(connect_error x, bool legacy) {
  if (legacy)
    return x.data.is_null() ? json::value(json::string(x.message)) : std::move(x.data);
  json::object out{{"message", std::move(x.message)}};
  if (! x.data.is_null())
    out["data"] = std::move(x.data);
  return out;
}

/// Takes the query off the namespace that a client of Socket.IO 2 joins, as in `/custom?token=a`.
net::name_values split_query(std::string& nsp) {
  auto mark = nsp.find('?');
  if (mark == nsp.npos)
    return {};
  auto query = net::parse_query(std::string_view{nsp}.substr(mark + 1));
  nsp.erase(mark);
  return query;
}

json::object to_json(const net::name_values& xs) {
  json::object out;
  for (std::size_t i = 0; i < xs.size(); ++i)
    out[xs.at(i).name] = xs.at(i).value;
  return out;
}

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
  auto& home = link.home();
  home.timers().arm(patience_, home.now() + owner.options.connect_timeout);
}

client::~client() {
  for (auto& x : seats_)
    x.socket->forget_client();
  flights_->landed = nullptr;
  actor_.end();
}

void client::patience::fire() {
  owner_.close(actors::close_reason::forced_server_close);
}

void client::close(actors::close_reason why) {
  if (! ended_)
    link_.close(why, actors::close_mode::flush);
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

std::shared_ptr<socket_core> client::find(std::string_view nsp) const {
  for (auto& x : seats_)
    if (x.socket->nsp()->name == nsp)
      return x.socket;
  return nullptr;
}

std::shared_ptr<socket_core> client::at(socket_number i) const {
  for (auto& x : seats_)
    if (x.number == i)
      return x.socket;
  return nullptr;
}

std::vector<std::shared_ptr<socket_core>> client::all() const {
  std::vector<std::shared_ptr<socket_core>> result;
  for (auto& x : seats_)
    result.push_back(x.socket);
  return result;
}

void client::drop(const socket_core& x) {
  std::erase_if(seats_, [&](auto& y) { return y.socket.get() == &x; });
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
  auto x = find(packet.nsp);
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

// -- joining a namespace -----------------------------------------------------------------

void client::reject(socket_packet_type type, const std::string& nsp, json::value data) {
  counts().connect_errors.add();
  link_.put(make_packet_frame(type, nsp, &data, {owner_.options.wire, false, true}));
}

void client::join_main() {
  socket_packet packet;
  packet.nsp = "/";
  on_connect(std::move(packet));
}

void client::on_connect(socket_packet packet) {
  net::name_values query;
  if (legacy())
    query = split_query(packet.nsp);
  if (find(packet.nsp))
    return broken("joined a namespace twice");
  auto nsp = owner_.find(packet.nsp);
  if (! nsp)
    return reject(socket_packet_type::connect_error, packet.nsp,
                  json::object{{"message", "Invalid namespace"}});
  json::object auth;
  if (legacy())
    auth = to_json(query);
  else if (packet.data.is_object())
    auth = packet.data.as_object();
  auto number = next_number_++;
  auto x = std::make_shared<socket_core>(*this, std::move(nsp), number, std::move(auth));
  seats_.push_back({number, x});
  caf::anon_send(x->nsp()->lane, atom::attach_v, x->id(), x->self());
  if (x->nsp()->middlewares.empty())
    return admit(x);
  dispatch_scope scope{{x.get(), &flights_}};
  start(run_middlewares(x), x);
}

void client::claimed() {
  link_.home().timers().cancel(patience_);
  if (std::exchange(unclaimed_, false))
    owner_.unclaimed.leave(link_.request().remote_address);
}

void client::admit(const std::shared_ptr<socket_core>& x) {
  claimed();
  x->connect();
}

asio::awaitable<void> client::run_middlewares(std::shared_ptr<socket_core> x) {
  for (std::size_t i = 0; i < x->nsp()->middlewares.size(); ++i) {
    auto refused = co_await x->nsp()->middlewares[i](x->handle());
    // The client may have gone meanwhile, and this object with it.
    if (x->now() == socket_core::phase::gone || ! x->owner())
      co_return;
    if (! refused)
      continue;
    drop(*x);
    x->leave_namespace({}, {});
    reject(socket_packet_type::connect_error, x->nsp()->name,
           refusal_of(std::move(*refused), legacy()));
    co_return;
  }
  admit(x);
}

// -- its end -------------------------------------------------------------------------------

void client::disconnect_all() {
  for (auto& x : all())
    x->disconnect();
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
  for (auto& x : seats_)
    if (x.number == to)
      return x.socket->deliver(what);
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
  }
}

socket_description client::describe(socket_number who) {
  auto x = at(who);
  return x ? x->describe() : socket_description{};
}

} // namespace atrium::api::detail
