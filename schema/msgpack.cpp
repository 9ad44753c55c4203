#include "schema/msgpack.hpp"

#include "schema/object_order.hpp"
#include "schema/placeholder.hpp"
#include "schema/utf8.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace atrium {

namespace {

void append_byte(std::string& out, unsigned byte) {
  out.push_back(static_cast<char>(byte));
}

/// Appends a type byte and `width` bytes of `x`, the most significant first.
void append_number(std::string& out, unsigned type, std::uint64_t x, int width) {
  append_byte(out, type);
  for (auto shift = 8 * (width - 1); shift >= 0; shift -= 8)
    append_byte(out, (x >> shift) & 0xff);
}

void append_int(std::string& out, std::int64_t x) {
  auto bits = static_cast<std::uint64_t>(x);
  if (x >= 0)
    append_msgpack_uint(out, bits);
  else if (x >= -0x20)
    append_byte(out, static_cast<unsigned>(bits & 0xff));
  else if (x >= -0x80)
    append_number(out, 0xd0, bits, 1);
  else if (x >= -0x8000)
    append_number(out, 0xd1, bits, 2);
  else if (x >= -0x80000000LL)
    append_number(out, 0xd2, bits, 4);
  else
    append_number(out, 0xd3, bits, 8);
}

void append_double(std::string& out, double x) {
  constexpr double whole_max = 9007199254740992.0;
  if (std::abs(x) <= whole_max && std::trunc(x) == x)
    append_int(out, static_cast<std::int64_t>(x));
  else
    append_number(out, 0xcb, std::bit_cast<std::uint64_t>(x), 8);
}

void append_binary(std::string& out, std::string_view bytes) {
  if (bytes.size() < 0x100)
    append_number(out, 0xc4, bytes.size(), 1);
  else if (bytes.size() < 0x10000)
    append_number(out, 0xc5, bytes.size(), 2);
  else
    append_number(out, 0xc6, bytes.size(), 4);
  out.append(bytes);
}

void append_object(std::string& out, const json::object& x,
                   const std::vector<std::string>& attachments) {
  if (! attachments.empty() && is_placeholder(x)) {
    if (auto index = placeholder_index(x, attachments.size()))
      append_binary(out, attachments[*index]);
    else
      append_byte(out, 0xc0);
    return;
  }
  append_msgpack_map(out, x.size());
  for_each_member(x, [&out, &attachments](const json::key_value_pair& member) {
    append_msgpack_text(out, member.key());
    append_msgpack(out, member.value(), attachments);
  });
}

} // namespace

void append_msgpack(std::string& out, const json::value& x,
                    const std::vector<std::string>& attachments) {
  switch (x.kind()) {
    case json::kind::null: append_byte(out, 0xc0); break;
    case json::kind::bool_: append_byte(out, x.get_bool() ? 0xc3 : 0xc2); break;
    case json::kind::int64: append_int(out, x.get_int64()); break;
    case json::kind::uint64: append_msgpack_uint(out, x.get_uint64()); break;
    case json::kind::double_: append_double(out, x.get_double()); break;
    case json::kind::string: append_msgpack_text(out, x.get_string()); break;
    case json::kind::array: append_msgpack(out, x.get_array(), attachments); break;
    case json::kind::object: append_object(out, x.get_object(), attachments); break;
  }
}

void append_msgpack(std::string& out, const json::array& x,
                    const std::vector<std::string>& attachments) {
  if (x.size() < 0x10)
    append_byte(out, 0x90 | static_cast<unsigned>(x.size()));
  else if (x.size() < 0x10000)
    append_number(out, 0xdc, x.size(), 2);
  else
    append_number(out, 0xdd, x.size(), 4);
  for (const auto& element : x)
    append_msgpack(out, element, attachments);
}

void append_msgpack_map(std::string& out, std::size_t pairs) {
  if (pairs < 0x10)
    append_byte(out, 0x80 | static_cast<unsigned>(pairs));
  else if (pairs < 0x10000)
    append_number(out, 0xde, pairs, 2);
  else
    append_number(out, 0xdf, pairs, 4);
}

void append_msgpack_text(std::string& out, std::string_view text) {
  if (! is_valid_utf8(text)) {
    std::string repaired;
    append_valid_utf8(repaired, text);
    append_msgpack_text(out, repaired);
    return;
  }
  if (text.size() < 0x20)
    append_byte(out, 0xa0 | static_cast<unsigned>(text.size()));
  else if (text.size() < 0x100)
    append_number(out, 0xd9, text.size(), 1);
  else if (text.size() < 0x10000)
    append_number(out, 0xda, text.size(), 2);
  else
    append_number(out, 0xdb, text.size(), 4);
  out.append(text);
}

void append_msgpack_uint(std::string& out, std::uint64_t x) {
  if (x < 0x80)
    append_byte(out, static_cast<unsigned>(x));
  else if (x < 0x100)
    append_number(out, 0xcc, x, 1);
  else if (x < 0x10000)
    append_number(out, 0xcd, x, 2);
  else if (x < 0x100000000)
    append_number(out, 0xce, x, 4);
  else
    append_number(out, 0xcf, x, 8);
}

} // namespace atrium
