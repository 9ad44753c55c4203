#include "net/engine/verify.hpp"

#include <catch2/catch.hpp>

using namespace atrium::net;
using namespace atrium::net::engine;

namespace {

request_info request(std::string method, std::string target, bool upgrade = false) {
  request_info x;
  x.method = std::move(method);
  x.target = std::move(target);
  if (auto at = x.target.find('?'); at != x.target.npos)
    x.query = parse_query(std::string_view{x.target}.substr(at + 1));
  x.upgrade = upgrade;
  return x;
}

/// "ok", or the code and context of the refusal.
std::string
outcome(const options& x, const request_info& r, const session_facts* session = nullptr) {
  auto why = verify(x, r, engine_query{r}, session);
  return why ? std::to_string(static_cast<unsigned>(why->code)) + " " + why->context : "ok";
}

std::string outcome(const request_info& r, const session_facts* session = nullptr) {
  return outcome(options{}, r, session);
}

} // namespace

TEST_CASE("handshakes are admitted over both transports") {
  CHECK(outcome(request("GET", "/engine.io/?EIO=4&transport=polling")) == "ok");
  CHECK(outcome(request("GET", "/engine.io/?EIO=4&transport=websocket", true)) == "ok");
}

TEST_CASE("an unknown transport is code 0, whatever else is wrong") {
  auto name = GENERATE(as<std::string>{}, "", "abc", "constructor", "__proto__", "webtransport");
  CHECK(outcome(request("POST", "/engine.io/?transport=" + name + "&sid=x")) == "0 " + name);
  CHECK(outcome(request("GET", "/engine.io/?transport=" + name, true)) == "0 " + name);
}

TEST_CASE("a transport that is switched off is unknown") {
  options x;
  x.transports.websocket = false;
  CHECK(outcome(x, request("GET", "/engine.io/?transport=websocket", true)) == "0 websocket");
}

TEST_CASE("an origin with control characters is code 3") {
  auto r = request("GET", "/engine.io/?EIO=4&transport=polling&sid=x");
  r.headers.add("origin", "http://a\x01");
  CHECK(outcome(r) == "3 INVALID_ORIGIN");
}

TEST_CASE("a session id must be known and fit") {
  session_facts polling{transport::polling, 4};
  session_facts upgraded{transport::websocket, 4};
  auto get = request("GET", "/engine.io/?EIO=4&transport=polling&sid=x");
  auto upgrade = request("GET", "/engine.io/?EIO=4&transport=websocket&sid=x", true);
  CHECK(outcome(get) == "1 x");
  CHECK(outcome(upgrade) == "1 x");
  CHECK(outcome(get, &polling) == "ok");
  CHECK(outcome(get, &upgraded) == "3 TRANSPORT_MISMATCH");
  CHECK(outcome(upgrade, &polling) == "ok");
  CHECK(outcome(upgrade, &upgraded) == "ok");
  auto other = request("GET", "/engine.io/?EIO=3&transport=polling&sid=x");
  CHECK(outcome(other, &polling) == "3 PROTOCOL_MISMATCH");
  auto any_method = request("PUT", "/engine.io/?EIO=4&transport=polling&sid=x");
  CHECK(outcome(any_method, &polling) == "ok");
}

TEST_CASE("a handshake is a GET") {
  auto method = GENERATE(as<std::string>{}, "POST", "PUT", "HEAD", "OPTIONS");
  CHECK(outcome(request(method, "/engine.io/?EIO=4&transport=polling")) == "2 " + method);
}

TEST_CASE("an empty session id is a handshake") {
  CHECK(outcome(request("GET", "/engine.io/?EIO=4&transport=polling&sid=")) == "ok");
}

TEST_CASE("the transport and the kind of request must fit") {
  CHECK(outcome(request("GET", "/engine.io/?EIO=4&transport=websocket"))
        == "3 TRANSPORT_HANDSHAKE_ERROR");
  CHECK(outcome(request("GET", "/engine.io/?EIO=4&transport=polling", true))
        == "3 TRANSPORT_HANDSHAKE_ERROR");
}

TEST_CASE("only protocol 4 is spoken unless 3 is allowed") {
  auto old = request("GET", GENERATE("/?EIO=3", "/?EIO=abc", "/", "/?EIO=44"));
  options x;
  REQUIRE(verify_protocol(x, engine_query{old}));
  CHECK(verify_protocol(x, engine_query{old})->code == error_code::unsupported_protocol_version);
  x.allow_eio3 = true;
  CHECK_FALSE(verify_protocol(x, engine_query{old}));
  CHECK_FALSE(verify_protocol(options{}, engine_query{request("GET", "/?EIO=4")}));
}

TEST_CASE("errors have the bodies of the reference") {
  auto body = [](error_code x) { return refuse_request(refuse(x, "")).body; };
  CHECK(body(error_code::unknown_transport) == R"({"code":0,"message":"Transport unknown"})");
  CHECK(body(error_code::unknown_sid) == R"({"code":1,"message":"Session ID unknown"})");
  CHECK(body(error_code::bad_handshake_method) == R"({"code":2,"message":"Bad handshake method"})");
  CHECK(body(error_code::bad_request) == R"({"code":3,"message":"Bad request"})");
  CHECK(body(error_code::forbidden) == R"({"code":4,"message":"Forbidden"})");
  CHECK(body(error_code::unsupported_protocol_version)
        == R"({"code":5,"message":"Unsupported protocol version"})");
  CHECK(refuse_request(refuse(error_code::bad_request, "")).status == 400);
  CHECK(refuse_request(refuse(error_code::forbidden, "")).status == 403);
}

TEST_CASE("a refused WebSocket is told in plain text and ends") {
  auto x = refuse_upgrade("Forbidden");
  CHECK(x.status == 400);
  CHECK(x.body == "Forbidden");
  CHECK(x.close);
  CHECK(x.headers.front().second == "text/html");
}

TEST_CASE("the headers of a WebSocket handshake are checked") {
  auto r = request("GET", "/", true);
  CHECK(verify_websocket(r)->body == "Missing or invalid Sec-WebSocket-Key header");
  r.headers.add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
  CHECK(verify_websocket(r)->body == "Missing or invalid Sec-WebSocket-Version header");
  r.headers.add("sec-websocket-version", "13");
  CHECK_FALSE(verify_websocket(r));
  r.method = "POST";
  CHECK(verify_websocket(r)->body == "Bad handshake method");
}

TEST_CASE("an endpoint owns a prefix of targets") {
  options x;
  CHECK(endpoint_prefix(x) == "/engine.io/");
  x.path = "/a/b/";
  CHECK(endpoint_prefix(x) == "/a/b/");
  x.add_trailing_slash = false;
  CHECK(endpoint_prefix(x) == "/a/b");
}
