#include "bench/support/load_settings.hpp"

#include <charconv>
#include <string_view>

namespace bench {

namespace {

template <class T>
bool read(std::string_view text, T& into) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::optional<load_settings> parse_load_settings(int argc, char** argv) {
  constexpr auto mode_at = 2;
  load_settings x;
  if (argc <= mode_at)
    return std::nullopt;
  x.mode = argv[mode_at];
  auto connect_only = x.mode == "conn";
  auto required = connect_only ? 4 : 7;
  if (argc < required || argc > required + 1)
    return std::nullopt;
  auto ok = read(argv[1], x.port) && read(argv[3], x.clients) && x.clients > 0;
  if (! connect_only)
    ok = ok && read(argv[4], x.seconds) && read(argv[5], x.depth) && read(argv[6], x.payload)
         && x.seconds > 0 && x.depth > 0;
  if (argc > required)
    ok = ok && read(argv[required], x.server_pid);
  if (x.mode == "set")
    ok = ok && x.payload > 0;
  return ok ? std::optional{x} : std::nullopt;
}

} // namespace bench
