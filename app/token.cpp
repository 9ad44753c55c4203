#include "app/token.hpp"

#include "schema/log.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

namespace atrium::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t token_bytes = 32;

std::string base64url(std::string_view bytes) {
  constexpr std::string_view letters
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (auto c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6)
      out += letters[(bits >> (count - 6)) & 63];
  }
  if (count > 0)
    out += letters[(bits << (6 - count)) & 63];
  return out;
}

result<access_token> fail(const fs::path& file, const std::string& reason) {
  log::error("token-failed", "the access token cannot be had",
             {{"file", file.string()}, {"reason", reason}});
  return errc::invalid_config;
}

std::string last_error() {
  return std::error_code{errno, std::generic_category()}.message();
}

result<access_token> read_token(const fs::path& file) {
  std::ifstream in{file};
  std::string token;
  if (! (in >> token))
    return fail(file, in.is_open() ? "it is empty" : last_error());
  return access_token{token, {}};
}

/// Writes beside and renames, so that a crash leaves no half token.
bool write_private(const fs::path& file, const std::string& text) {
  auto beside = file.string() + ".new";
  auto fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return false;
  auto written = ::write(fd, text.data(), text.size());
  auto good = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  good = ::close(fd) == 0 && good;
  return good && ::rename(beside.c_str(), file.c_str()) == 0;
}

result<access_token> make_token(const fs::path& file) {
  std::array<char, token_bytes> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return fail(file, last_error());
  auto token = base64url({bytes.data(), bytes.size()});
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  if (! write_private(file, token + "\n"))
    return fail(file, last_error());
  return access_token{token, file};
}

} // namespace

result<access_token> obtain_token(const config::options& settings) {
  const auto& access = settings.access;
  if (access.auth == config::access_options::auth_type::off)
    return access_token{};
  if (! access.token.empty())
    return access_token{access.token, {}};
  if (! access.token_file.empty())
    return read_token(access.token_file);
  if (config::is_loopback(settings.listen))
    return access_token{};
  auto file = fs::path{settings.data} / "token";
  std::error_code ignored;
  if (! fs::exists(file, ignored))
    return make_token(file);
  log::info("token-found", "clients need the token in this file", {{"file", file.string()}});
  return read_token(file);
}

std::string usage_of(const access_token& token, const config::options& settings) {
  const auto& listen = settings.listen;
  auto shown = config::is_any_address(listen) ? config::endpoint{"127.0.0.1", listen.port} : listen;
  auto url = (settings.tls.on() ? "https://" : "http://") + config::to_string(shown);
  return "\nAn access token was made. Whoever connects needs it; it is kept in "
         + token.made_in.string() + ".\n\n" //
         + "  a browser         " + url + "/?token=" + token.value + "\n"
         + "  a program         Authorization: Bearer " + token.value + "\n"
         + "  socket.io-client  io(\"" + url + "\", { query: { token: \"" + token.value
         + "\" } })\n\n" + "From another machine, write this one's name or address instead.\n\n";
}

} // namespace atrium::app
