#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium::net::engine {

/// The name of a JSONP session's callback, from the query parameter `j` of its handshake: its
/// digits.
std::string jsonp_index(std::string_view j);

/// `body` as a script that calls `___eio[index]` with it.
std::string jsonp_script(std::string_view index, std::string_view body);

/// The payload in the form that a JSONP client posts: its field `d`, with `\n` for a newline and
/// `\\n` for what was `\n`. Absent if the form has no such field.
std::optional<std::string> jsonp_payload(std::string_view form);

} // namespace atrium::net::engine
