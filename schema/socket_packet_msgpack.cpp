#include "schema/socket_packet_msgpack.hpp"

#include <cmath>
#include <utility>

namespace atrium {

namespace {

/// A whole number that is not negative, however the peer wrote it.
std::optional<std::uint64_t> whole_number(const json::value& x) noexcept {
  constexpr double exact_max = 9007199254740992.0;
  if (x.is_uint64())
    return x.get_uint64();
  if (x.is_int64() && x.get_int64() >= 0)
    return static_cast<std::uint64_t>(x.get_int64());
  if (x.is_double() && x.get_double() >= 0 && x.get_double() <= exact_max
      && std::trunc(x.get_double()) == x.get_double())
    return static_cast<std::uint64_t>(x.get_double());
  return std::nullopt;
}

/// The value of a key; null counts as absent, because undefined arrives as null.
json::value* find(json::object& packet, std::string_view key) noexcept {
  auto* found = packet.if_contains(key);
  return found && ! found->is_null() ? found : nullptr;
}

void append_key(std::string& out, std::string_view key, std::uint64_t x) {
  append_msgpack_text(out, key);
  append_msgpack_uint(out, x);
}

void append_namespace(std::string& out, std::string_view nsp) {
  append_msgpack_text(out, "nsp");
  append_msgpack_text(out, nsp);
}

void append_arguments(std::string& out, const payload& x) {
  append_msgpack_text(out, "data");
  append_msgpack(out, x.args, x.attachments);
}

} // namespace

result<assembled_packet>
decode_socket_packet_msgpack(std::string_view bytes, const msgpack_limits& limits,
                             json::storage_ptr sp) {
  std::vector<std::string> attachments;
  auto decoded = decode_msgpack(bytes, attachments, limits, std::move(sp));
  if (! decoded)
    return decoded.error();
  auto* fields = decoded->if_object();
  if (! fields)
    return errc::malformed;
  const auto* type_field = find(*fields, "type");
  const auto* nsp = find(*fields, "nsp");
  auto type = type_field ? whole_number(*type_field) : std::nullopt;
  constexpr auto last_type = static_cast<std::uint64_t>(socket_packet_type::connect_error);
  if (! type || *type > last_type || ! nsp || ! nsp->is_string())
    return errc::malformed;
  std::optional<std::uint64_t> id;
  if (const auto* id_field = find(*fields, "id")) {
    id = whole_number(*id_field);
    if (! id)
      return errc::malformed;
  }
  auto packet_type = static_cast<socket_packet_type>(*type);
  auto* data = find(*fields, "data");
  auto may_lack_data
    = packet_type == socket_packet_type::connect || packet_type == socket_packet_type::disconnect;
  if (data ? ! is_valid_packet_data(packet_type, *data) : ! may_lack_data)
    return errc::malformed;
  auto count = static_cast<std::uint32_t>(attachments.size());
  return assembled_packet{{packet_type, std::string{nsp->get_string()}, id,
                           data ? std::move(*data) : json::value(fields->storage()),
                           data != nullptr, count},
                          std::move(attachments)};
}

void encode_socket_packet_msgpack(std::string& out, socket_packet_type type, std::string_view nsp,
                                  std::optional<std::uint64_t> id, const json::value* data) {
  append_msgpack_map(out, 2 + (id ? 1 : 0) + (data ? 1 : 0));
  append_key(out, "type", static_cast<std::uint64_t>(type));
  if (data) {
    append_msgpack_text(out, "data");
    append_msgpack(out, *data);
  }
  if (id)
    append_key(out, "id", *id);
  append_namespace(out, nsp);
}

void encode_event_msgpack(std::string& out, std::string_view nsp, std::optional<std::uint64_t> id,
                          const payload& x) {
  append_msgpack_map(out, id ? 4 : 3);
  append_key(out, "type", static_cast<std::uint64_t>(socket_packet_type::event));
  append_arguments(out, x);
  if (id)
    append_key(out, "id", *id);
  append_namespace(out, nsp);
}

void encode_ack_msgpack(std::string& out, std::string_view nsp, std::uint64_t id,
                        const payload& x) {
  append_msgpack_map(out, 4);
  append_key(out, "id", id);
  append_key(out, "type", static_cast<std::uint64_t>(socket_packet_type::ack));
  append_arguments(out, x);
  append_namespace(out, nsp);
}

} // namespace atrium
