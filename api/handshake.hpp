#pragma once

#include "schema/json.hpp"
#include "schema/state.hpp"

#include <string>

namespace atrium::api {

/// What was known of a client when it joined a namespace.
struct handshake {
  json::object headers;
  json::object query;
  /// What the client sent with its CONNECT; empty when nothing.
  json::object auth;
  /// When, as text and in milliseconds.
  std::string time;
  epoch_ms issued = 0;
  std::string url;
  std::string address;
  bool secure = false;
  /// Whether the request had an `Origin`.
  bool xdomain = false;
};

/// As JavaScript has it.
json::object to_json(const handshake& x);

} // namespace atrium::api
