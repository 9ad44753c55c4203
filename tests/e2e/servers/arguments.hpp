#pragma once

#include "net/tls/options.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
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
      } else if (key == "--client") {
        client_folder = argv[i + 1];
      } else if (key.starts_with("--tls-")) {
        read_tls(key.substr(6), argv[i + 1]);
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
  /// Where the bundles of the client are that it serves; empty: it serves none.
  std::string client_folder;
  /// HTTPS in place of HTTP.
  std::optional<atrium::net::tls_options> tls;

private:
  void read_tls(std::string_view key, std::string_view value) {
    using atrium::net::client_certificates;
    auto& x = tls ? *tls : tls.emplace();
    if (key == "certificate")
      x.certificate_file = value;
    else if (key == "key")
      x.key_file = value;
    else if (key == "client-ca")
      x.client_ca_file = value;
    else if (key == "clients")
      x.clients
        = value == "required" ? client_certificates::required : client_certificates::optional;
  }
};

} // namespace e2e
