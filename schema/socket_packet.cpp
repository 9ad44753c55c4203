#include "schema/socket_packet.hpp"

#include "schema/decimal.hpp"
#include "schema/json_writer.hpp"
#include "schema/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace atrium {

namespace {

constexpr std::string_view root_namespace = "/";

bool is_binary(socket_packet_type type) noexcept {
  return type == socket_packet_type::binary_event || type == socket_packet_type::binary_ack;
}

/// Takes `<n>-` off the front.
result<std::uint32_t> take_attachments(std::string_view& rest, std::uint32_t max) {
  std::uint32_t count = 0;
  const auto* last = rest.data() + rest.size();
  auto [end, error] = std::from_chars(rest.data(), last, count);
  if (end == rest.data() || end == last || *end != '-')
    return errc::malformed;
  if (error == std::errc::result_out_of_range || count > max)
    return errc::limit_exceeded;
  if (count == 0)
    return errc::malformed;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
  return count;
}

/// Takes `/name,` off the front; the comma may be missing at the end.
std::string_view take_namespace(std::string_view& rest) noexcept {
  if (! rest.starts_with('/'))
    return root_namespace;
  auto comma = rest.find(',');
  auto name = rest.substr(0, comma);
  rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  return name;
}

/// Takes the digits of an id off the front.
result<std::optional<std::uint64_t>> take_id(std::string_view& rest) {
  std::uint64_t id = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
  if (error == std::errc::result_out_of_range)
    return errc::malformed;
  if (end == rest.data())
    return std::optional<std::uint64_t>{};
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return std::optional{id};
}

/// Appends what stands before the data.
void append_header(std::string& out, socket_packet_type type, std::string_view nsp,
                   std::optional<std::uint64_t> id, std::size_t attachments) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
  if (is_binary(type)) {
    append_decimal(out, attachments);
    out.push_back('-');
  }
  if (nsp != root_namespace) {
    out.append(nsp);
    out.push_back(',');
  }
  if (id)
    append_decimal(out, *id);
}

/// Appends a packet with arguments. How many attachments they name is known behind them only, so
/// the start of a binary packet is corrected then.
attachment_order
append_with_arguments(std::string& out, socket_packet_type plain, socket_packet_type binary,
                      std::string_view nsp, std::optional<std::uint64_t> id, const payload& x) {
  attachment_order order;
  auto start = out.size();
  append_header(out, plain, nsp, id, 0);
  if (x.attachments.empty())
    json_writer{out}.write(x.args);
  else
    json_writer{out, x.attachments.size(), order}.write(x.args);
  if (! order.empty()) {
    std::string prefix;
    append_header(prefix, binary, root_namespace, std::nullopt, order.size());
    out.replace(start, 1, prefix);
  }
  return order;
}

} // namespace

bool is_reserved_event(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 6> reserved{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

bool is_valid_packet_data(socket_packet_type type, const json::value& data) noexcept {
  switch (type) {
    case socket_packet_type::connect: return data.is_object();
    case socket_packet_type::disconnect: return false;
    case socket_packet_type::connect_error: return data.is_object() || data.is_string();
    case socket_packet_type::ack:
    case socket_packet_type::binary_ack: return data.is_array();
    case socket_packet_type::event:
    case socket_packet_type::binary_event: break;
  }
  const auto* args = data.if_array();
  if (! args || args->empty())
    return false;
  const auto& name = args->front();
  if (name.is_string())
    return ! is_reserved_event(name.get_string());
  // One that is not finite would be written as null, which no receiver takes for a name.
  return name.is_double() ? std::isfinite(name.get_double()) : name.is_number();
}

result<socket_packet>
decode_socket_packet(std::string_view text, const socket_packet_limits& limits,
                     json::storage_ptr sp) {
  if (text.empty() || text.front() < '0' || text.front() > '6')
    return errc::malformed;
  auto type = static_cast<socket_packet_type>(text.front() - '0');
  auto rest = text.substr(1);
  std::uint32_t attachments = 0;
  if (is_binary(type)) {
    auto count = take_attachments(rest, limits.attachments_max);
    if (! count)
      return count.error();
    attachments = *count;
  }
  auto nsp = take_namespace(rest);
  if (! is_valid_utf8(nsp))
    return errc::malformed;
  auto id = take_id(rest);
  if (! id)
    return id.error();
  if (rest.empty()) {
    if (is_binary(type))
      return errc::malformed;
    return socket_packet{type, std::string{nsp}, *id, json::value(std::move(sp)), false, 0};
  }
  if (type == socket_packet_type::disconnect)
    return errc::malformed;
  auto data = parse_json(rest, limits.json, std::move(sp));
  if (! data)
    return data.error();
  if (! is_valid_packet_data(type, *data))
    return errc::malformed;
  return socket_packet{type, std::string{nsp}, *id, std::move(*data), true, attachments};
}

void encode_socket_packet(std::string& out, socket_packet_type type, std::string_view nsp,
                          std::optional<std::uint64_t> id, std::size_t attachments,
                          const json::value* data) {
  append_header(out, type, nsp, id, attachments);
  if (data)
    append_json(out, *data);
}

attachment_order encode_event(std::string& out, std::string_view nsp,
                              std::optional<std::uint64_t> id, const payload& x) {
  return append_with_arguments(out, socket_packet_type::event, socket_packet_type::binary_event,
                               nsp, id, x);
}

attachment_order
encode_ack(std::string& out, std::string_view nsp, std::uint64_t id, const payload& x) {
  return append_with_arguments(out, socket_packet_type::ack, socket_packet_type::binary_ack, nsp,
                               id, x);
}

} // namespace atrium
