#pragma once

#include "schema/json.hpp"
#include "schema/refusal.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace atrium {

/// Longest id, in bytes of UTF-8.
inline constexpr std::size_t id_bytes_max = 240;

/// Reads one code point at `pos` and moves `pos` behind it; bytes that are not UTF-8 come back as
/// U+FFFFFFFF, one at a time. `pos` must be inside `text`.
char32_t next_code_point(std::string_view text, std::size_t& pos) noexcept;

/// Whether ids may hold this code point: letters and digits of any script, and a few signs.
bool is_id_char(char32_t x) noexcept;

/// Whether `id` can be stored as it is.
bool is_clean_id(std::string_view id) noexcept;

/// The id under which a write to `id` is stored: each run of other characters becomes one `_`.
/// Refused: empty ids, ids that end in a dot, ids that are too long.
checked<std::string> clean_id(std::string_view id);

/// The same for an argument of a client, which may be of any type.
checked<std::string> clean_id(const json::value& id);

/// What JavaScript's typeof says of a value; clients know the error texts that contain it.
std::string_view type_name(const json::value& x) noexcept;

/// Whether `id` is `parent` or stands below it (`a.b` is below `a`, `ab` is not).
bool is_below(std::string_view id, std::string_view parent) noexcept;

} // namespace atrium
