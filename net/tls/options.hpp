#pragma once

#include <cstdint>
#include <string>

namespace atrium::net {

/// Whether clients show a certificate of their own.
enum class client_certificates : std::uint8_t {
  /// They are not asked.
  none,
  /// They are asked; who shows one that is not trusted is refused.
  optional,
  /// Who shows none is refused as well.
  required,
};

/// TLS 1.2 or newer on a listener. The files are PEM and read once, when the server starts.
struct tls_options {
  /// The server's certificate, then those that lead to a root, if any.
  std::string certificate_file;
  /// Its private key, without a passphrase.
  std::string key_file;
  /// Who signs the certificates of clients; needed unless they are not asked.
  std::string client_ca_file;
  client_certificates clients = client_certificates::none;
};

} // namespace atrium::net
