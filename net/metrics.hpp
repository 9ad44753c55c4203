#pragma once

#include "actors/runtime/counter.hpp"
#include "schema/metrics_text.hpp"

#include <vector>

namespace atrium::net {

class core;

/// Adds what the workers of servers, which share them, and the sockets on them have done so far.
/// `docs/metrics.md` explains each. Any thread.
void write_metrics(const std::vector<const core*>& from, metrics_text& out);

/// Adds one sample of a histogram that was begun.
void write_durations(const runtime::duration_histogram& from, metrics_text::labels which,
                     metrics_text& out);

} // namespace atrium::net
