#pragma once

#include "schema/error.hpp"
#include "schema/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Why not msgpack-cxx: Debian's libmsgpack-cxx-dev depends on another version of the Boost headers
// than the one Atrium is built with, so the two cannot be installed together.

namespace atrium {

/// How far a MessagePack value from outside may go. Its size is bounded by whoever read it.
struct msgpack_limits {
  std::size_t depth_max = 512;
  /// Keys of one map; see `json_limits::object_keys_max`.
  std::size_t map_keys_max = 10'000;
  /// Binary values in all; each costs many times its two bytes of header.
  std::size_t attachments_max = 1'000;
};

/// Decodes exactly one MessagePack value. Binary is appended to `attachments` and leaves a
/// placeholder
/// (`schema/placeholder.hpp`). As the JavaScript peers mean it: extension 0 of at most one byte is
/// undefined and becomes null, a longer one is binary, a time becomes the ISO text that JSON would
/// have, another extension the array [type, binary]; keys that are integers become text.
///
/// `errc::malformed` for a truncated value, bytes after it, a text that is not UTF-8, or a key that
/// is neither text nor integer; `errc::limit_exceeded` beyond `limits`.
[[nodiscard]] result<json::value>
decode_msgpack(std::string_view bytes, std::vector<std::string>& attachments,
               const msgpack_limits& limits = {}, json::storage_ptr sp = {});

/// Appends `x` in its shortest MessagePack form; a double without fraction is written as an integer
/// and keys are ordered as in JavaScript. Placeholders are replaced by the attachments they stand
/// for, one that stands for none by nil; without attachments they are plain data. Bytes that are
/// not UTF-8 come out as U+FFFD.
void append_msgpack(std::string& out, const json::value& x,
                    const std::vector<std::string>& attachments = {});
void append_msgpack(std::string& out, const json::array& x,
                    const std::vector<std::string>& attachments = {});

/// Appends the header of a map of `pairs` pairs, which must follow.
void append_msgpack_map(std::string& out, std::size_t pairs);

/// Appends a text.
void append_msgpack_text(std::string& out, std::string_view text);

/// Appends an unsigned integer.
void append_msgpack_uint(std::string& out, std::uint64_t x);

} // namespace atrium
