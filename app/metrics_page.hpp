#pragma once

#include "actors/journal_gauge.hpp"
#include "api/server.hpp"
#include "net/server.hpp"

#include <optional>

namespace atrium::app {

/// `/metrics`: what the hub has done so far, as text for Prometheus; see `docs/metrics.md`. @param
/// http will hold the server that serves it; that and `io` must live as long as the page is served.
net::http_route metrics_page(const std::optional<net::server>& http, const api::server& io,
                             journal_gauge_ptr journal);

} // namespace atrium::app
