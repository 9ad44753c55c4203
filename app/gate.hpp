#pragma once

#include "config/options.hpp"
#include "net/http/response.hpp"
#include "net/request_info.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace atrium::app {

/// Whether the configuration names this origin of pages.
bool names_origin(const config::access_options& access, std::string_view origin);

/// Decides who may send requests at all (promise 10): a page of another origin only if the
/// configuration names its origin, a `Host` that is an address, localhost, this machine or
/// configured (so that no page reaches the hub through a name of its own), and the token where one
/// is needed. Immutable, so thread-safe.
class gate {
public:
  /// @param token what a request must show; empty: nothing. @param host_name the name of this
  /// machine. @param engine_path where preflights are answered.
  gate(config::access_options access, std::string token, std::string host_name,
       std::string engine_path);

  /// The answer that refuses a request, or nothing. `/healthz` needs no token, nor does a
  /// preflight: browsers ask without one whether a page may send it.
  std::optional<net::http_response> operator()(const net::request_info& x) const;

private:
  bool host_allowed(std::string_view host) const;
  bool origin_allowed(std::string_view origin, std::string_view host) const;
  bool token_shown(const net::request_info& x) const;
  bool is_preflight(const net::request_info& x) const;

  config::access_options access_;
  std::string token_;
  std::string host_name_;
  std::string engine_path_;
};

} // namespace atrium::app
