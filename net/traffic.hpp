#pragma once

#include "actors/link.hpp"
#include "actors/runtime/counter.hpp"
#include "net/tls/failure.hpp"

#include <array>
#include <cstddef>

namespace atrium::net {

/// What went over the wires of one worker and what was refused there. Changed by that worker's
/// thread only, so that counting is a plain increment; any thread may read. Alone on its cache
/// lines.
struct alignas(64) traffic {
  struct flow {
    /// Engine.IO packets, whatever they hold, and what they weigh without the framing below them.
    runtime::counter packets_received, bytes_received;
    /// Messages that programs sent, attachments each for itself; and bytes that went out.
    runtime::counter packets_sent, bytes_sent;
    /// Messages that were longer than allowed.
    runtime::counter oversize;
    /// Sessions on this transport now: protocol 4, protocol 3.
    std::array<runtime::level, 2> sessions;
  };

  /// By `engine::transport`.
  std::array<flow, 2> by_transport;
  /// Bytes that wait for the sockets of WebSockets.
  runtime::level outbox_bytes;
  runtime::counter sessions_opened;
  runtime::counter upgrades;
  /// By `actors::close_reason`.
  std::array<runtime::counter, actors::close_reasons> sessions_closed;
  /// Sessions that ended because too much waited for their clients.
  runtime::counter outbox_overflows;
  /// Volatile messages that were dropped.
  runtime::counter volatile_dropped;
  /// Engine requests that were refused, by error code.
  std::array<runtime::counter, 6> requests_refused;
  runtime::counter http_requests;
  /// Requests that could not be read: malformed, headers too long, not there in time.
  runtime::counter http_malformed, http_header_too_long, http_timeouts;
  /// Requests that the gate turned away, and connections above the limit.
  runtime::counter gate_refused, connections_refused;
  /// How often reading from a session was paused because it sent too much in a second.
  runtime::counter packet_rate_pauses, byte_rate_pauses;
  /// TLS handshakes that succeeded, and those that failed, by `tls_failure`.
  runtime::counter tls_handshakes;
  std::array<runtime::counter, tls_failures> tls_failed;
};

} // namespace atrium::net
