#pragma once

#include "net/tls/context.hpp"
#include "net/tls/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace atrium::net {

/// The server's end of one TLS connection over a non-blocking socket. Nothing waits: each step says
/// what it did, or what the socket must be ready for before it is tried again. Used by one thread.
class tls_stream {
public:
  enum class state : std::uint8_t {
    done,
    wants_read,
    wants_write,
    /// The peer has ended its side, or the connection is broken.
    ended,
  };
  struct step {
    state now;
    std::size_t bytes = 0;
  };

  /// @param socket must outlive the stream, as the context must.
  tls_stream(const tls_context& context, int socket);

  state handshake();
  step read(std::span<char> into);
  /// Takes all or nothing of at most 16 KiB. When it wants something, it must be given the same
  /// bytes again.
  step write(std::string_view bytes);
  /// Says that nothing more comes.
  state shut_down();

  /// Why the handshake failed, once it has.
  [[nodiscard]] tls_failure cause() const noexcept {
    return cause_;
  }
  /// The same for people.
  [[nodiscard]] const std::string& failure() const noexcept {
    return failure_;
  }
  /// The subject of the peer's certificate, as RFC 2253 writes it; null when it showed none.
  [[nodiscard]] std::shared_ptr<const std::string> peer_subject() const;

private:
  state outcome(int result);

  tls_context::connection connection_;
  std::string failure_;
  tls_failure cause_ = tls_failure::gone;
  bool broken_ = false;
};

} // namespace atrium::net
