#pragma once

#include "actors/runtime/counter.hpp"

namespace atrium::api::detail {

/// What the sockets of one worker have done. Changed by that worker's thread only; any thread may
/// read. Alone on its cache lines.
struct alignas(64) counters {
  /// Sockets in namespaces now, and how many have joined one.
  runtime::level sockets;
  runtime::counter joins;
  /// Joins that were refused.
  runtime::counter connect_errors;
  runtime::counter events_received;
  /// Acknowledgements that clients owe, and how many never came in time.
  runtime::level acks_waiting;
  runtime::counter acks_timed_out;
  /// Emits that were refused because their client owed too many.
  runtime::counter acks_refused;
  /// Packets that broke the rules of Socket.IO; each ended its connection.
  runtime::counter malformed;
  /// Sessions that were closed as they opened: too many of their address, or in all, had joined
  /// nothing yet.
  runtime::counter address_refused, unclaimed_refused;
  /// How often reading from a client was paused because too much was unanswered, or the program
  /// was behind.
  runtime::counter brakes;
};

} // namespace atrium::api::detail
