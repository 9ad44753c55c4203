#pragma once

#include "net/outbox.hpp"

#include <boost/asio/awaitable.hpp>

namespace atrium::net {

/// Ends a TCP connection so that the peer gets all that was written: waits until `out` is empty,
/// says that nothing more comes, and reads until the peer says the same. Whoever calls it closes
/// the socket when it takes too long. @param out may be null.
boost::asio::awaitable<void> linger(tcp::socket& socket, const outbox* out);

} // namespace atrium::net
