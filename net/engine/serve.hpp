#pragma once

#include "net/http_connection.hpp"

namespace atrium::net::engine {

/// Answers the request that `from` has just read, which is for the endpoint `where`: a handshake, a
/// polling request or a WebSocket. May move the connection to the worker of its session first.
asio::awaitable<http_connection::fate>
serve(endpoint& where, std::shared_ptr<http_connection> from);

} // namespace atrium::net::engine
