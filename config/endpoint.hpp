#pragma once

#include "schema/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::config {

/// Where the hub listens: a literal IPv4 or IPv6 address and a port; port 0 lets the system choose.
struct endpoint {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;

  bool operator==(const endpoint&) const = default;
};

/// Reads `ADDRESS:PORT`, with an IPv6 address in brackets; `localhost` is read as 127.0.0.1. Other
/// names are refused, because a listener that depends on a name server is a surprise.
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view text);

/// Writes what `parse_endpoint` reads.
[[nodiscard]] std::string to_string(const endpoint& x);

/// True when only programs on this machine can reach `x`; a token is required when it is false.
[[nodiscard]] bool is_loopback(const endpoint& x);

/// True for 0.0.0.0 and ::, which stand for every address of the machine.
[[nodiscard]] bool is_any_address(const endpoint& x);

} // namespace atrium::config
