#include "net/engine/session_id.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/random.h>

namespace atrium::net::engine {

std::string random_id() {
  constexpr std::string_view alphabet
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 20> bytes{};
  // Up to 256 bytes come whole.
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw std::system_error{errno, std::generic_category(), "getrandom"};
  std::string out(bytes.size(), ' ');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out[i] = alphabet[bytes[i] % alphabet.size()];
  return out;
}

} // namespace atrium::net::engine
