#pragma once

#include "net/http/response.hpp"
#include "net/remote_peer.hpp"
#include "net/request_info.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <string>

namespace atrium::net {

using raw_request = boost::beast::http::request<boost::beast::http::empty_body>;

/// What programs see of a request that Beast has read.
request_info make_request_info(const raw_request& request, const remote_peer& remote);

/// Whether it asks for a WebSocket; with any method, so that others can be refused properly.
bool asks_for_websocket(const raw_request& request);

/// The status line and headers of `x`, with the empty line behind them.
std::string response_head(const http_response& x, bool keep_alive);

} // namespace atrium::net
