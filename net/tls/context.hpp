#pragma once

#include "net/tls/options.hpp"
#include "schema/error.hpp"

#include <memory>

#include <openssl/ssl.h>

namespace atrium::net {

/// What all TLS connections of a server share. Thread-safe once it was loaded.
class tls_context {
public:
  struct deleter {
    void operator()(SSL* x) const noexcept {
      SSL_free(x);
    }
    void operator()(SSL_CTX* x) const noexcept {
      SSL_CTX_free(x);
    }
    void operator()(BIO_METHOD* x) const noexcept {
      BIO_meth_free(x);
    }
  };
  using connection = std::unique_ptr<SSL, deleter>;

  /// Reads the files. What is wrong with them is logged, as `tls-failed` with the file and the
  /// reason; then it is `errc::invalid_config`. Blocks.
  static result<tls_context> load(const tls_options& x);

  /// The server's end of a connection over `socket`, which stays the caller's and must be
  /// non-blocking. It must not outlive the context. Null when memory is short.
  [[nodiscard]] connection over(int socket) const;

private:
  tls_context();

  std::unique_ptr<SSL_CTX, deleter> context_;
  std::unique_ptr<BIO_METHOD, deleter> socket_method_;
};

} // namespace atrium::net
