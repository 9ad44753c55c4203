#include "api/detail/cluster_message.hpp"

#include "api/arguments.hpp"
#include "schema/socket_packet.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace atrium::api::detail {

namespace {

using type = cluster_message_type;

/// What a count may say: sums of some of them stay within 64 bits.
constexpr std::uint64_t count_max = std::uint64_t{1} << 48;

/// The number of an event in Socket.IO, which the reference's adapters repeat.
constexpr std::uint64_t event_packet = 2;

/// What a timeout may say, in milliseconds.
constexpr std::int64_t timeout_max = std::numeric_limits<std::uint32_t>::max();

// -- writing -------------------------------------------------------------------------------

void append_flag(std::string& out, bool x) {
  append_msgpack(out, json::value(x));
}

void append_field(std::string& out, std::string_view key, std::string_view text) {
  append_msgpack_text(out, key);
  append_msgpack_text(out, text);
}

void append_field(std::string& out, std::string_view key, std::uint64_t x) {
  append_msgpack_text(out, key);
  append_msgpack_uint(out, x);
}

void append_field(std::string& out, std::string_view key, const room_names& xs) {
  append_msgpack_text(out, key);
  append_msgpack(out, json::array(xs.begin(), xs.end()));
}

void append_field(std::string& out, std::string_view key, const broadcast_options& x) {
  append_msgpack_text(out, key);
  append_msgpack_map(out, 3);
  append_field(out, "rooms", x.to.rooms);
  append_field(out, "except", x.to.except);
  append_msgpack_text(out, "flags");
  append_msgpack_map(out, x.timeout ? 3 : 2);
  append_msgpack_text(out, "volatile");
  append_flag(out, x.is_volatile);
  append_msgpack_text(out, "compress");
  append_flag(out, x.compress);
  if (x.timeout)
    append_field(
      out, "timeout",
      static_cast<std::uint64_t>(std::clamp(x.timeout->count(), std::int64_t{0}, timeout_max)));
}

void append_event(std::string& out, const payload& x) {
  append_msgpack_text(out, "packet");
  append_msgpack_map(out, 2);
  append_field(out, "type", event_packet);
  append_msgpack_text(out, "data");
  append_msgpack(out, x.args, x.attachments);
}

void append_answer(std::string& out, const payload& x) {
  append_msgpack_text(out, "packet");
  if (x.args.empty())
    append_msgpack(out, json::value{});
  else
    append_msgpack(out, x.args.front(), x.attachments);
}

void append_sockets(std::string& out, const std::vector<socket_description>& xs) {
  json::array all;
  all.reserve(xs.size());
  for (const auto& x : xs)
    all.push_back({{"id", x.id},
                   {"handshake", x.handshake},
                   {"rooms", json::array(x.rooms.begin(), x.rooms.end())},
                   {"data", x.data}});
  append_msgpack_text(out, "sockets");
  append_msgpack(out, all);
}

/// The header of the data, with the request first if there is one.
void begin_data(std::string& out, const cluster_message& x, std::size_t fields) {
  append_msgpack_text(out, "data");
  append_msgpack_map(out, fields + (x.request.empty() ? 0 : 1));
  if (! x.request.empty())
    append_field(out, "requestId", x.request);
}

void append_data(std::string& out, const cluster_message& x) {
  switch (x.type) {
    case type::hello:
    case type::heartbeat:
    case type::goodbye: return begin_data(out, x, 0);
    case type::broadcast:
      begin_data(out, x, 2);
      append_field(out, "opts", x.how);
      return append_event(out, x.content);
    case type::sockets_join:
    case type::sockets_leave:
      begin_data(out, x, 2);
      append_field(out, "opts", x.how);
      return append_field(out, "rooms", x.rooms);
    case type::disconnect_sockets:
      begin_data(out, x, 2);
      append_field(out, "opts", x.how);
      append_msgpack_text(out, "close");
      return append_flag(out, x.close);
    case type::fetch_sockets: begin_data(out, x, 1); return append_field(out, "opts", x.how);
    case type::fetched_sockets: begin_data(out, x, 1); return append_sockets(out, x.sockets);
    case type::server_side_emit:
      begin_data(out, x, 1);
      append_msgpack_text(out, "packet");
      return append_msgpack(out, x.content.args, x.content.attachments);
    case type::server_side_answer:
    case type::broadcast_answer: begin_data(out, x, 1); return append_answer(out, x.content);
    case type::broadcast_count:
      begin_data(out, x, 1);
      return append_field(out, "clientCount", x.count);
  }
}

// -- reading -------------------------------------------------------------------------------

// Each of these gives false when a field is there and is not what it should be, or has to be there
// and is not. Null counts as absent, since that is what undefined becomes.

json::value* find(json::object& from, std::string_view key) noexcept {
  auto* x = from.if_contains(key);
  return x && ! x->is_null() ? x : nullptr;
}

json::object* find_object(json::object& from, std::string_view key) noexcept {
  auto* x = find(from, key);
  return x ? x->if_object() : nullptr;
}

bool read_text(json::object& from, std::string_view key, std::string& out) {
  auto* x = find(from, key);
  if (! x || ! x->is_string() || x->get_string().empty())
    return false;
  out = std::string_view{x->get_string()};
  return true;
}

bool read_number(json::object& from, std::string_view key, std::uint64_t max, std::uint64_t& out) {
  auto* x = find(from, key);
  if (! x || ! x->is_int64() || x->get_int64() < 0)
    return false;
  out = static_cast<std::uint64_t>(x->get_int64());
  return out <= max;
}

bool read_flag(json::object& from, std::string_view key, bool& out) {
  auto* x = find(from, key);
  if (x && x->is_bool())
    out = x->get_bool();
  return ! x || x->is_bool();
}

bool read_names(json::object& from, std::string_view key, room_names& out) {
  auto* x = find(from, key);
  if (! x || ! x->is_array())
    return false;
  for (auto& name : x->get_array()) {
    if (! name.is_string())
      return false;
    out.emplace_back(std::string_view{name.get_string()});
  }
  return true;
}

bool read_options(json::object& data, broadcast_options& out) {
  auto* x = find_object(data, "opts");
  if (! x || ! read_names(*x, "rooms", out.to.rooms) || ! read_names(*x, "except", out.to.except))
    return false;
  if (! find(*x, "flags"))
    return true;
  auto* flags = find_object(*x, "flags");
  if (! flags || ! read_flag(*flags, "volatile", out.is_volatile)
      || ! read_flag(*flags, "compress", out.compress))
    return false;
  if (! find(*flags, "timeout"))
    return true;
  std::uint64_t ms = 0;
  if (! read_number(*flags, "timeout", timeout_max, ms))
    return false;
  out.timeout = std::chrono::milliseconds{ms};
  return true;
}

bool read_event(json::object& data, payload& out) {
  auto* packet = find_object(data, "packet");
  std::uint64_t number = 0;
  auto* args = packet ? find(*packet, "data") : nullptr;
  if (! args || ! read_number(*packet, "type", event_packet, number) || number != event_packet
      || ! args->is_array() || ! is_valid_packet_data(socket_packet_type::event, *args))
    return false;
  out.args = std::move(args->get_array());
  return true;
}

bool read_server_side_event(json::object& data, payload& out) {
  auto* args = find(data, "packet");
  if (! args || ! args->is_array() || args->get_array().empty())
    return false;
  const auto* name = args->get_array().front().if_string();
  if (! name || is_reserved_server_side(std::string_view{*name}))
    return false;
  out.args = std::move(args->get_array());
  return true;
}

/// An answer without a value is null.
bool read_answer(json::object& data, payload& out) {
  auto* x = find(data, "packet");
  out.args.push_back(x ? std::move(*x) : json::value{});
  return true;
}

bool read_sockets(json::object& data, std::vector<socket_description>& out) {
  auto* all = find(data, "sockets");
  if (! all || ! all->is_array())
    return false;
  for (auto& x : all->get_array()) {
    auto* fields = x.if_object();
    auto& about = out.emplace_back();
    if (! fields || ! read_text(*fields, "id", about.id)
        || ! read_names(*fields, "rooms", about.rooms))
      return false;
    if (auto* handshake = find(*fields, "handshake"))
      about.handshake = std::move(*handshake);
    if (auto* carried = find(*fields, "data"))
      about.data = std::move(*carried);
  }
  return true;
}

bool read_data(json::object& data, cluster_message& x) {
  auto asks = find(data, "requestId") != nullptr;
  if (asks && ! read_text(data, "requestId", x.request))
    return false;
  switch (x.type) {
    case type::hello:
    case type::heartbeat:
    case type::goodbye: return true;
    case type::broadcast:
      return read_options(data, x.how) && read_event(data, x.content) && (! asks || x.how.timeout);
    case type::sockets_join:
    case type::sockets_leave:
      return read_options(data, x.how) && read_names(data, "rooms", x.rooms);
    case type::disconnect_sockets:
      return read_options(data, x.how) && read_flag(data, "close", x.close);
    case type::fetch_sockets: return asks && read_options(data, x.how);
    case type::fetched_sockets: return asks && read_sockets(data, x.sockets);
    case type::server_side_emit: return read_server_side_event(data, x.content);
    case type::server_side_answer:
    case type::broadcast_answer: return asks && read_answer(data, x.content);
    case type::broadcast_count: return asks && read_number(data, "clientCount", count_max, x.count);
  }
  return false;
}

} // namespace

std::string encode_cluster_message(const cluster_message& x) {
  std::string out;
  append_msgpack_map(out, 4);
  append_field(out, "uid", x.from);
  append_field(out, "nsp", x.nsp);
  append_field(out, "type", static_cast<std::uint64_t>(x.type));
  append_data(out, x);
  return out;
}

result<cluster_message>
decode_cluster_message(std::string_view bytes, const msgpack_limits& limits) {
  cluster_message x;
  auto decoded = decode_msgpack(bytes, x.content.attachments, limits);
  if (! decoded)
    return decoded.error();
  auto* fields = decoded->if_object();
  std::uint64_t number = 0;
  if (! fields || ! read_text(*fields, "uid", x.from) || ! read_text(*fields, "nsp", x.nsp)
      || ! read_number(*fields, "type", static_cast<std::uint64_t>(type::goodbye), number)
      || number < static_cast<std::uint64_t>(type::hello))
    return errc::malformed;
  x.type = static_cast<type>(number);
  json::object none;
  auto* data = find(*fields, "data") ? find_object(*fields, "data") : &none;
  if (! data || ! read_data(*data, x))
    return errc::malformed;
  return x;
}

} // namespace atrium::api::detail
