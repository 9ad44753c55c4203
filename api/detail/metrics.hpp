#pragma once

#include "schema/metrics_text.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace atrium::api::detail {

class server_core;

/// Adds what the namespaces of a server and the sockets in them have done. To be awaited on a
/// worker. A namespace that does not answer within a second is left out of what is added up.
boost::asio::awaitable<void> write_metrics(server_core& from, metrics_text& out);

} // namespace atrium::api::detail
