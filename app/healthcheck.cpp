#include "app/healthcheck.hpp"

#include "app/program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace asio = boost::asio;

namespace atrium::app {

namespace {

/// How long the hub may take for each step.
constexpr timeval patience{3, 0};

/// What the hub answered, or why it did not.
struct reply {
  int status = 0;
  std::string problem;
};

/// A listener on every address is asked on loopback.
config::endpoint reachable(config::endpoint x) {
  if (config::is_any_address(x))
    x.address = x.address == "0.0.0.0" ? "127.0.0.1" : "::1";
  return x;
}

reply read_status(std::string_view line) {
  reply out;
  constexpr std::string_view version = "HTTP/1.x ";
  if (line.starts_with("HTTP/1.") && line.size() > version.size())
    std::from_chars(line.data() + version.size(), line.data() + line.size(), out.status);
  if (out.status == 0)
    out.problem = "no HTTP answer";
  return out;
}

std::string last_error() {
  return std::error_code{errno, std::generic_category()}.message();
}

reply ask(int peer, const std::string& request) {
  std::array<char, 64> line{};
  auto n = ::send(peer, request.data(), request.size(), MSG_NOSIGNAL);
  if (n >= 0)
    n = ::recv(peer, line.data(), line.size(), MSG_WAITALL);
  if (n < 0)
    return {0, last_error()};
  return read_status({line.data(), static_cast<std::size_t>(n)});
}

reply ask_securely(int peer, const std::string& request, bool certificate) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()),
                                                            &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls{SSL_new(context.get()), &SSL_free};
  std::array<char, 64> line{};
  ERR_clear_error();
  SSL_set_fd(tls.get(), peer);
  if (SSL_connect(tls.get()) == 1
      && SSL_write(tls.get(), request.data(), static_cast<int>(request.size())) > 0)
    if (auto n = SSL_read(tls.get(), line.data(), static_cast<int>(line.size())); n > 0)
      return read_status({line.data(), static_cast<std::size_t>(n)});
  auto error = ERR_peek_error();
  if (certificate && ERR_GET_REASON(error) == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
    return {200, {}};
  const auto* reason = ERR_reason_error_string(error);
  return {0, reason != nullptr ? reason : "no answer over TLS"};
}

reply connect_and_ask(const config::endpoint& target, const config::tls_options& tls) {
  asio::io_context io;
  asio::ip::tcp::endpoint where{asio::ip::make_address(target.address), target.port};
  asio::ip::tcp::socket peer{io, where.protocol()};
  for (auto limit : {SO_RCVTIMEO, SO_SNDTIMEO})
    ::setsockopt(peer.native_handle(), SOL_SOCKET, limit, &patience, sizeof(patience));
  // By itself: Asio waits for as long as it takes.
  if (::connect(peer.native_handle(), where.data(), static_cast<socklen_t>(where.size())) != 0)
    return {0, last_error()};
  auto request
    = "GET /healthz HTTP/1.1\r\nHost: " + to_string(target) + "\r\nConnection: close\r\n\r\n";
  using wanted = config::tls_options::client_certificate_type;
  auto fd = peer.native_handle();
  return tls.on() ? ask_securely(fd, request, tls.client_certificate == wanted::required)
                  : ask(fd, request);
}

} // namespace

int healthcheck(const config::endpoint& where, const config::tls_options& tls) {
  auto target = reachable(where);
  auto answer = connect_and_ask(target, tls);
  if (answer.status == 200)
    return exit_ok;
  std::cerr << "error: " << to_string(target) << ": ";
  if (answer.status != 0)
    std::cerr << "/healthz answers " << answer.status << '\n';
  else
    std::cerr << answer.problem << '\n';
  return exit_failed;
}

} // namespace atrium::app
