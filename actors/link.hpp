#pragma once

#include "schema/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace atrium::actors {

/// Why a client link ended. `to_string` gives the words that Socket.IO programs know.
enum class close_reason : std::uint8_t {
  /// The client went away.
  transport_close,
  /// The transport failed, or the client broke its rules; the description says how.
  transport_error,
  /// The client did not answer a ping in time.
  ping_timeout,
  /// The client sent something that is no packet.
  parse_error,
  /// The program closed it.
  forced_close,
  /// The program closed it because its client never joined a namespace.
  forced_server_close,
  /// The hub stops.
  server_shutting_down,
};

/// How many reasons there are.
inline constexpr std::size_t close_reasons = 7;

/// "transport close" and so on; a literal.
constexpr std::string_view to_string(close_reason x) noexcept {
  switch (x) {
    case close_reason::transport_close: return "transport close";
    case close_reason::transport_error: return "transport error";
    case close_reason::ping_timeout: return "ping timeout";
    case close_reason::parse_error: return "parse error";
    case close_reason::forced_close: return "forced close";
    case close_reason::forced_server_close: return "forced server close";
    case close_reason::server_shutting_down: return "server shutting down";
  }
  return "transport error";
}

/// What becomes of the frames that are still waiting when a link is closed.
enum class close_mode : std::uint8_t {
  /// They are sent first, as far as the client takes them.
  flush,
  /// They are dropped.
  discard,
};

/// The way out to one client, whatever its wire and transport. Used on the thread of the worker
/// that the client belongs to. After the link has ended every call is allowed and does nothing.
class link {
public:
  virtual ~link() = default;

  /// Sends `x` behind what was put before. Never blocks: frames gather and are written at the end
  /// of the tick. A client that does not keep up is closed with a reason once its outbox exceeds
  /// its limit.
  virtual void put(frame_ptr x) = 0;

  /// Sends `x` if the client can take it right now: nothing else waits in its outbox.
  /// @returns whether it was sent; if not, it is dropped.
  virtual bool put_volatile(frame_ptr x) = 0;

  /// Closes the link for `why`. The handler of the link is told, possibly before this returns.
  virtual void close(close_reason why, close_mode mode) = 0;

  /// Whether the outbox is below its high-water mark, so that a producer may go on.
  [[nodiscard]] virtual bool writable() const noexcept = 0;
};

} // namespace atrium::actors
