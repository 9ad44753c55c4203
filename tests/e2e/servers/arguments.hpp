#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace e2e {

/// What every server that the end-to-end tests run can be told on its command line; ends the
/// program with code 2 for anything else.
struct arguments {
  arguments(int argc, char** argv) {
    for (auto i = 1; i + 1 < argc; i += 2) {
      std::string_view key{argv[i]};
      auto value = std::strtoul(argv[i + 1], nullptr, 10);
      if (key == "--port") {
        port = static_cast<std::uint16_t>(value);
      } else if (key == "--workers") {
        workers = value;
      } else if (key == "--ping-interval") {
        ping_interval = std::chrono::milliseconds{value};
      } else if (key == "--ping-timeout") {
        ping_timeout = std::chrono::milliseconds{value};
      } else if (key == "--eio3") {
        eio3 = value != 0;
      } else {
        std::fprintf(stderr, "unknown argument %s\n", argv[i]);
        std::exit(2);
      }
    }
  }

  std::uint16_t port = 0;
  std::size_t workers = 1;
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  /// Whether clients of protocol 3 are taken too.
  bool eio3 = false;
};

} // namespace e2e
