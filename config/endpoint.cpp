#include "config/endpoint.hpp"

#include <charconv>

#include <arpa/inet.h>

namespace atrium::config {

namespace {

bool is_ipv4(const std::string& address) {
  in_addr bytes{};
  return inet_pton(AF_INET, address.c_str(), &bytes) == 1;
}

bool is_ipv6(const std::string& address) {
  in6_addr bytes{};
  return inet_pton(AF_INET6, address.c_str(), &bytes) == 1;
}

} // namespace

result<endpoint> parse_endpoint(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return errc::invalid_config;
  auto digits = text.substr(colon + 1);
  endpoint parsed;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed.port);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return errc::invalid_config;
  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    parsed.address = host.substr(1, host.size() - 2);
    if (! is_ipv6(parsed.address))
      return errc::invalid_config;
    return parsed;
  }
  parsed.address = host == "localhost" ? "127.0.0.1" : std::string{host};
  if (! is_ipv4(parsed.address))
    return errc::invalid_config;
  return parsed;
}

std::string to_string(const endpoint& x) {
  auto port = std::to_string(x.port);
  if (x.address.find(':') != std::string::npos)
    return "[" + x.address + "]:" + port;
  return x.address + ":" + port;
}

bool is_loopback(const endpoint& x) {
  in_addr v4{};
  if (inet_pton(AF_INET, x.address.c_str(), &v4) == 1)
    return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, x.address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_any_address(const endpoint& x) {
  if (x.address == "0.0.0.0")
    return true;
  in6_addr v6{};
  return inet_pton(AF_INET6, x.address.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6);
}

} // namespace atrium::config
