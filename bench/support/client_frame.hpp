#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// Appends `text` as a client's WebSocket text frame. Its mask is zero, which is valid and leaves
/// the text as it is.
void append_client_frame(std::string& out, std::string_view text);

/// A frame of a server; `payload` refers to what it was taken from.
struct server_frame {
  enum class kind : std::uint8_t { text, close, other };
  kind type = kind::other;
  std::string_view payload;
};

/// Takes the first frame off `rest`; nothing, and `rest` as it was, when it is not complete.
std::optional<server_frame> take_server_frame(std::string_view& rest);

} // namespace bench
