#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::net {

/// How a body is compressed on its way.
enum class content_encoding : std::uint8_t { gzip, deflate };

/// The name in HTTP headers; a literal.
constexpr std::string_view to_string(content_encoding x) noexcept {
  return x == content_encoding::gzip ? "gzip" : "deflate";
}

/// The encoding that an `Accept-Encoding` header prefers: by its weights, then in its order; gzip
/// if it is all the same. Absent if it takes neither.
std::optional<content_encoding> preferred_encoding(std::string_view accept_encoding);

/// Compresses `body`. A long one a slice at a time, between which its worker does other things, so
/// that nobody waits for more than a fraction of a millisecond.
boost::asio::awaitable<std::string> compress(content_encoding how, std::string body);

} // namespace atrium::net
