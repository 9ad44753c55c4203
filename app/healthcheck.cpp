#include "app/healthcheck.hpp"

#include "app/program.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace atrium::app {

namespace {

/// A listener on every address is asked on loopback.
config::endpoint reachable(config::endpoint x) {
  if (config::is_any_address(x))
    x.address = x.address == "0.0.0.0" ? "127.0.0.1" : "::1";
  return x;
}

} // namespace

int healthcheck(const config::endpoint& where) {
  using namespace std::chrono_literals;
  auto target = reachable(where);
  asio::ip::tcp::iostream peer;
  peer.expires_after(3s);
  peer.connect(asio::ip::tcp::endpoint{asio::ip::make_address(target.address), target.port});
  peer << "GET /healthz HTTP/1.1\r\nHost: " << to_string(target) << "\r\nConnection: close\r\n\r\n"
       << std::flush;
  std::string version;
  int status = 0;
  if (peer >> version >> status && version.starts_with("HTTP/1.") && status == 200)
    return exit_ok;
  std::cerr << "error: " << to_string(target) << ": ";
  if (status != 0)
    std::cerr << "/healthz answers " << status << '\n';
  else
    std::cerr << (peer.error() ? peer.error().message() : "no HTTP answer") << '\n';
  return exit_failed;
}

} // namespace atrium::app
