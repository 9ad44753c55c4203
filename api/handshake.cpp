#include "api/handshake.hpp"

namespace atrium::api {

json::object to_json(const handshake& x) {
  return {{"headers", x.headers}, {"time", x.time},     {"address", x.address},
          {"xdomain", x.xdomain}, {"secure", x.secure}, {"issued", x.issued},
          {"url", x.url},         {"query", x.query},   {"auth", x.auth}};
}

} // namespace atrium::api
