#include "schema/decimal.hpp"
#include "schema/iso_time.hpp"
#include "schema/msgpack.hpp"
#include "schema/utf8.hpp"

#include <bit>
#include <cstdint>
#include <utility>

namespace atrium {

namespace {

/// A recursive descent that leaves its values on a `json::value_stack`. A function returns false
/// after an error, which `error_` tells. Counts are compared with the bytes that are left before
/// anything is done with them.
class parser {
public:
  // The buffer is scratch space of the stack: to fill it would cost more than most packets do.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  parser(std::string_view bytes, std::vector<std::string>& attachments,
         const msgpack_limits& limits, json::storage_ptr sp)
    : rest_(bytes),
      attachments_(attachments),
      limits_(limits),
      stack_(json::storage_ptr{}, buffer_, sizeof buffer_) {
    stack_.reset(std::move(sp));
  }

  result<json::value> run() {
    if (! value(0))
      return error_;
    if (! rest_.empty())
      return errc::malformed;
    return stack_.release();
  }

private:
  bool fail(errc reason) noexcept {
    error_ = reason;
    return false;
  }

  /// Takes an unsigned integer of `width` bytes, the most significant first.
  bool take(std::uint64_t& x, std::size_t width) noexcept {
    if (rest_.size() < width)
      return fail(errc::malformed);
    x = 0;
    for (auto c : rest_.substr(0, width))
      x = x << 8 | static_cast<unsigned char>(c);
    rest_.remove_prefix(width);
    return true;
  }

  bool take(std::string_view& bytes, std::uint64_t length) noexcept {
    if (rest_.size() < length)
      return fail(errc::malformed);
    bytes = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(bytes.size());
    return true;
  }

  bool value(std::size_t depth) {
    std::uint64_t type = 0;
    if (! take(type, 1))
      return false;
    if (type <= 0x7f)
      return integer(static_cast<std::int64_t>(type));
    if (type <= 0x8f)
      return map(type & 0x0f, depth + 1);
    if (type <= 0x9f)
      return array(type & 0x0f, depth + 1);
    if (type <= 0xbf)
      return text(type & 0x1f, false);
    if (type >= 0xe0)
      return integer(static_cast<std::int64_t>(type) - 0x100);
    return marked(type, depth);
  }

  /// The types that have a byte of their own.
  bool marked(std::uint64_t type, std::size_t depth) {
    switch (type) {
      case 0xc0: stack_.push_null(); return true;
      case 0xc2:
      case 0xc3: stack_.push_bool(type == 0xc3); return true;
      case 0xc4:
      case 0xc5:
      case 0xc6: return sized(type - 0xc4, &parser::binary);
      case 0xc7:
      case 0xc8:
      case 0xc9: return sized(type - 0xc7, &parser::extension);
      case 0xca:
      case 0xcb: return real(type == 0xca ? 4 : 8);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf: return unsigned_integer(type - 0xcc);
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3: return signed_integer(type - 0xd0);
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8: return extension(std::uint64_t{1} << (type - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb: return sized(type - 0xd9, &parser::plain_text);
      case 0xdc:
      case 0xdd: return container(type - 0xdc, depth + 1, &parser::array);
      case 0xde:
      case 0xdf: return container(type - 0xde, depth + 1, &parser::map);
      default: return fail(errc::malformed);
    }
  }

  /// Reads a length of 1, 2 or 4 bytes and what has it.
  bool sized(std::uint64_t width_log, bool (parser::*read)(std::uint64_t)) {
    std::uint64_t length = 0;
    return take(length, std::size_t{1} << width_log) && (this->*read)(length);
  }

  /// Reads a count of 2 or 4 bytes and what has it.
  bool container(std::uint64_t width_log, std::size_t depth,
                 bool (parser::*read)(std::uint64_t, std::size_t)) {
    std::uint64_t count = 0;
    return take(count, std::size_t{2} << width_log) && (this->*read)(count, depth);
  }

  bool integer(std::int64_t x) {
    stack_.push_int64(x);
    return true;
  }

  bool unsigned_integer(std::uint64_t width_log) {
    std::uint64_t x = 0;
    if (! take(x, std::size_t{1} << width_log))
      return false;
    if (x > static_cast<std::uint64_t>(INT64_MAX))
      stack_.push_uint64(x);
    else
      stack_.push_int64(static_cast<std::int64_t>(x));
    return true;
  }

  bool signed_integer(std::uint64_t width_log) {
    std::uint64_t bits = 0;
    auto width = std::size_t{1} << width_log;
    if (! take(bits, width))
      return false;
    auto unused = 64 - 8 * width;
    return integer(static_cast<std::int64_t>(bits << unused) >> unused);
  }

  bool real(std::size_t width) {
    std::uint64_t bits = 0;
    if (! take(bits, width))
      return false;
    stack_.push_double(width == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                                  : std::bit_cast<double>(bits));
    return true;
  }

  bool plain_text(std::uint64_t length) {
    return text(length, false);
  }

  bool text(std::uint64_t length, bool is_key) {
    std::string_view bytes;
    if (! take(bytes, length))
      return false;
    if (! is_valid_utf8(bytes))
      return fail(errc::malformed);
    is_key ? stack_.push_key(bytes) : stack_.push_string(bytes);
    return true;
  }

  bool array(std::uint64_t count, std::size_t depth) {
    if (depth > limits_.depth_max)
      return fail(errc::limit_exceeded);
    if (count > rest_.size())
      return fail(errc::malformed);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (! value(depth))
        return false;
    }
    stack_.push_array(static_cast<std::size_t>(count));
    return true;
  }

  bool map(std::uint64_t count, std::size_t depth) {
    if (depth > limits_.depth_max || count > limits_.map_keys_max)
      return fail(errc::limit_exceeded);
    if (count > rest_.size() / 2)
      return fail(errc::malformed);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (! key() || ! value(depth))
        return false;
    }
    stack_.push_object(static_cast<std::size_t>(count));
    return true;
  }

  bool key() {
    std::uint64_t type = 0;
    if (! take(type, 1))
      return false;
    if (type >= 0xa0 && type <= 0xbf)
      return text(type & 0x1f, true);
    std::uint64_t x = 0;
    if (type >= 0xd9 && type <= 0xdb)
      return take(x, std::size_t{1} << (type - 0xd9)) && text(x, true);
    if (type >= 0xcc && type <= 0xcf) {
      if (! take(x, std::size_t{1} << (type - 0xcc)))
        return false;
    } else if (type <= 0x7f) {
      x = type;
    } else {
      return fail(errc::malformed);
    }
    std::string digits;
    append_decimal(digits, x);
    stack_.push_key(digits);
    return true;
  }

  bool binary(std::uint64_t length) {
    std::string_view bytes;
    return take(bytes, length) && attach(bytes);
  }

  /// Leaves a placeholder for `bytes`.
  bool attach(std::string_view bytes) {
    if (attachments_.size() >= limits_.attachments_max)
      return fail(errc::limit_exceeded);
    stack_.push_key("_placeholder");
    stack_.push_bool(true);
    stack_.push_key("num");
    stack_.push_int64(static_cast<std::int64_t>(attachments_.size()));
    stack_.push_object(2);
    attachments_.emplace_back(bytes);
    return true;
  }

  bool extension(std::uint64_t length) {
    constexpr std::int8_t undefined_or_date = 0;
    constexpr std::int8_t timestamp = -1;
    std::uint64_t type_byte = 0;
    std::string_view bytes;
    if (! take(type_byte, 1) || ! take(bytes, length))
      return false;
    auto type = static_cast<std::int8_t>(type_byte);
    if (type == timestamp)
      return time(bytes);
    if (type == undefined_or_date) {
      if (length == 8)
        return push_time(static_cast<std::int64_t>(big_endian(bytes)));
      if (length > 1)
        return attach(bytes);
      stack_.push_null();
      return true;
    }
    stack_.push_int64(type);
    if (! attach(bytes))
      return false;
    stack_.push_array(2);
    return true;
  }

  static std::uint64_t big_endian(std::string_view bytes) noexcept {
    std::uint64_t x = 0;
    for (auto c : bytes)
      x = x << 8 | static_cast<unsigned char>(c);
    return x;
  }

  /// The timestamps of 32, 64 and 96 bits.
  bool time(std::string_view bytes) {
    constexpr std::uint64_t ns_per_ms = 1'000'000;
    if (bytes.size() == 4)
      return push_time(static_cast<std::int64_t>(big_endian(bytes)) * 1000);
    if (bytes.size() == 8) {
      auto bits = big_endian(bytes);
      auto seconds = bits & 0x3ffffffff;
      return push_time(static_cast<std::int64_t>(seconds * 1000 + (bits >> 34) / ns_per_ms));
    }
    if (bytes.size() != 12)
      return fail(errc::malformed);
    constexpr std::int64_t seconds_max = 1'000'000'000'000;
    auto ns = big_endian(bytes.substr(0, 4));
    auto seconds = static_cast<std::int64_t>(big_endian(bytes.substr(4)));
    if (seconds < -seconds_max || seconds > seconds_max) {
      stack_.push_null();
      return true;
    }
    return push_time(seconds * 1000 + static_cast<std::int64_t>(ns / ns_per_ms));
  }

  bool push_time(std::int64_t ms) {
    if (auto text = iso_time(ms); text.empty())
      stack_.push_null();
    else
      stack_.push_string(text);
    return true;
  }

  static constexpr std::size_t buffer_bytes = 1024;

  std::string_view rest_;
  std::vector<std::string>& attachments_;
  const msgpack_limits& limits_;
  errc error_ = errc::malformed;
  alignas(json::value) unsigned char buffer_[buffer_bytes];
  json::value_stack stack_;
};

} // namespace

result<json::value> decode_msgpack(std::string_view bytes, std::vector<std::string>& attachments,
                                   const msgpack_limits& limits, json::storage_ptr sp) {
  return parser{bytes, attachments, limits, std::move(sp)}.run();
}

} // namespace atrium
