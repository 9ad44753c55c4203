#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace atrium::net {

/// Who is at the other end of a TCP connection.
struct remote_peer {
  boost::asio::ip::tcp::endpoint endpoint;
  /// Whether it speaks TLS.
  bool secure = false;
  /// The subject of the certificate that it showed and that is trusted; null when it showed none.
  std::shared_ptr<const std::string> certificate;
};

} // namespace atrium::net
