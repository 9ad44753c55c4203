#pragma once

#include <cstddef>
#include <cstdint>

namespace atrium::net {

/// Why a handshake failed.
enum class tls_failure : std::uint8_t {
  /// The peer broke the rules, speaks something else, or shares no version or cipher with us.
  protocol,
  /// The peer speaks plain HTTP.
  plain_http,
  /// The peer showed no certificate, or one that is not trusted.
  client_certificate,
  /// The peer said no: most often it does not trust our certificate.
  rejected,
  /// The peer left.
  gone,
  /// It took too long.
  timeout,
};

inline constexpr std::size_t tls_failures = 6;

} // namespace atrium::net
