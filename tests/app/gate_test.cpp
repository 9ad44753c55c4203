#include "app/gate.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

struct request {
  std::string host = "127.0.0.1:8080";
  std::string origin;
  std::string authorization;
  std::string query;
  std::string path = "/socket.io/";
  std::string preflight_for; // the method that a page wants to use
};

/// A request that is ordinary but for one thing.
request with(std::string request::*member, std::string value) {
  request x;
  x.*member = std::move(value);
  return x;
}

/// The status that the gate answers with; 0 lets the request in.
unsigned status(const app::gate& aut, const request& x) {
  net::request_info info;
  info.target = x.path + "?" + x.query;
  info.query = net::parse_query(x.query);
  info.headers.add("host", x.host);
  if (! x.origin.empty())
    info.headers.add("origin", x.origin);
  if (! x.authorization.empty())
    info.headers.add("authorization", x.authorization);
  if (! x.preflight_for.empty()) {
    info.method = "OPTIONS";
    info.headers.add("access-control-request-method", x.preflight_for);
  }
  auto answer = aut(info);
  return answer ? answer->status : 0;
}

app::gate open_gate() {
  config::access_options access;
  access.allowed_origins = {"https://admin.example"};
  access.allowed_hosts = {"hub.example"};
  return {access, "", "attic", "/socket.io"};
}

} // namespace

TEST_CASE("a page of the hub's own origin, or of a configured one, gets in; others do not") {
  auto aut = open_gate();
  CHECK(status(aut, {}) == 0);
  CHECK(status(aut, with(&request::origin, "http://127.0.0.1:8080")) == 0);
  CHECK(status(aut, with(&request::origin, "https://admin.example")) == 0);
  CHECK(status(aut, with(&request::origin, "http://127.0.0.1:9090")) == 403);
  CHECK(status(aut, with(&request::origin, "https://evil.example")) == 403);
  CHECK(status(aut, with(&request::origin, "null")) == 403);
}

TEST_CASE("a host is an address, localhost, this machine or configured") {
  auto aut = open_gate();
  for (auto* host : {"127.0.0.1", "[::1]:8080", "192.168.1.5:80", "localhost:8080", "attic",
                     "Attic:80", "hub.example", "hub.example:8080"})
    CHECK(status(aut, with(&request::host, host)) == 0);
  for (auto* host : {"evil.example", "127.0.0.1.evil.example", "attic.evil.example:8080"})
    CHECK(status(aut, with(&request::host, host)) == 403);
}

TEST_CASE("where a token is needed, it is shown as bearer or in the query; health needs none") {
  app::gate aut{{}, "secret", "attic", "/socket.io"};
  CHECK(status(aut, {}) == 401);
  CHECK(status(aut, with(&request::authorization, "Bearer secret")) == 0);
  CHECK(status(aut, with(&request::authorization, "bearer secret")) == 0);
  CHECK(status(aut, with(&request::authorization, "Basic secret")) == 401);
  CHECK(status(aut, with(&request::authorization, "Bearer secret2")) == 401);
  CHECK(status(aut, with(&request::query, "EIO=4&token=secret")) == 0);
  CHECK(status(aut, with(&request::query, "token=secre")) == 401);
  CHECK(status(aut, with(&request::path, "/healthz")) == 0);
  CHECK(status(aut, with(&request::path, "//healthz")) == 0);
  CHECK(status(aut, with(&request::path, "/healthz/../socket.io/")) == 401);
}

TEST_CASE("a page may ask without the token whether it may send one, where that is answered") {
  app::gate aut{{}, "secret", "attic", "/socket.io"};
  auto preflight = with(&request::preflight_for, "POST");
  CHECK(status(aut, preflight) == 0);
  preflight.path = "/metrics";
  CHECK(status(aut, preflight) == 401);
  preflight = with(&request::preflight_for, "POST");
  preflight.origin = "https://evil.example";
  CHECK(status(aut, preflight) == 403);
}
