#pragma once

#include "schema/error.hpp"
#include "schema/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace atrium {

/// How far a JSON text from outside may go. Its size is bounded by whoever read it.
struct json_limits {
  /// Nested arrays and objects; bounds the recursion of everything that walks the value later.
  std::size_t depth_max = 512;
  /// Keys of one object. The hash tables of Boost.JSON have no secret seed, so a peer can choose
  /// keys that all collide; this bounds what that costs.
  std::size_t object_keys_max = 10'000;
};

/// Appends `x` as JSON.stringify would write it, byte for byte: numbers in the shortest form of
/// JavaScript (`1.5`, `1e+21`, `0` for -0, `null` for what is not finite), keys that are array
/// indices first and in ascending order, nothing escaped that need not be. 64-bit integers keep all
/// their digits. Bytes that are not UTF-8 come out as U+FFFD.
void append_json(std::string& out, const json::value& x);
void append_json(std::string& out, const json::array& x);
void append_json(std::string& out, const json::object& x);

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

/// Appends a number as JavaScript's Number::toString writes it; `null` when it is not finite.
void append_json_number(std::string& out, double x);

/// Parses a JSON text as JSON.parse would: strict grammar, of equal keys the last value in the
/// place of the first, `__proto__` an ordinary key, 1e400 infinite, numbers rounded correctly.
/// Integers that fit 64 bits stay integers. A lone surrogate escape (`"\ud800"`), which JavaScript
/// can send and UTF-8 cannot hold, becomes U+FFFD. The value uses `sp`, for instance an arena.
///
/// `errc::malformed` for what is not JSON or not UTF-8, `errc::limit_exceeded` beyond `limits`.
[[nodiscard]] result<json::value>
parse_json(std::string_view text, const json_limits& limits = {}, json::storage_ptr sp = {});

} // namespace atrium
