#pragma once

#include "api/detail/cluster_message.hpp"

#include <string>
#include <utility>

// Messages of a cluster as tests write them.

namespace atrium::test {

/// Any map on the wire.
inline std::string packed(const json::object& x) {
  std::string out;
  append_msgpack(out, json::value(x));
  return out;
}

/// A message of the main namespace without anything in it.
inline api::detail::cluster_message
message_of(api::detail::cluster_message_type what, std::string from) {
  api::detail::cluster_message x;
  x.type = what;
  x.from = std::move(from);
  x.nsp = "/";
  return x;
}

} // namespace atrium::test
