#include "net/engine/cors.hpp"

#include <catch2/catch.hpp>

using namespace atrium::net;
using namespace atrium::net::engine;

namespace {

request_info from_origin(std::string_view origin) {
  request_info x;
  x.headers.add("origin", origin);
  return x;
}

std::string text(const header_list& headers) {
  std::string out;
  for (auto& [name, value] : headers)
    out += name + ": " + value + "\n";
  return out;
}

} // namespace

TEST_CASE("any origin may read when the origin is a star") {
  CHECK(text(cors_headers({}, from_origin("http://a"))) == "Access-Control-Allow-Origin: *\n");
}

TEST_CASE("one origin is named to everybody") {
  cors_options x;
  x.origin = "http://a";
  x.credentials = true;
  CHECK(text(cors_headers(x, from_origin("http://b")))
        == "Access-Control-Allow-Origin: http://a\nVary: Origin\n"
           "Access-Control-Allow-Credentials: true\n");
}

TEST_CASE("a choice of origins is reflected, and others get no header") {
  cors_options x;
  x.origin.clear();
  x.allowed = [](std::string_view origin) { return origin == "http://a"; };
  CHECK(text(cors_headers(x, from_origin("http://a")))
        == "Access-Control-Allow-Origin: http://a\nVary: Origin\n");
  CHECK(text(cors_headers(x, from_origin("http://b"))) == "Vary: Origin\n");
}

TEST_CASE("a preflight reflects the headers it asks for") {
  auto request = from_origin("http://a");
  request.headers.add("access-control-request-headers", "x-a, x-b");
  cors_options x;
  x.origin = "http://a";
  auto answer = cors_preflight(x, request);
  CHECK(answer.status == 204);
  CHECK(text(answer.headers)
        == "Access-Control-Allow-Origin: http://a\n"
           "Vary: Origin, Access-Control-Request-Headers\n"
           "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\n"
           "Access-Control-Allow-Headers: x-a, x-b\n"
           "Content-Length: 0\n");
}

TEST_CASE("a preflight says what it was told to say") {
  cors_options x;
  x.methods = "GET";
  x.allowed_headers = "x-a";
  x.max_age = std::chrono::seconds{60};
  x.preflight_status = 200;
  auto answer = cors_preflight(x, from_origin("http://a"));
  CHECK(answer.status == 200);
  CHECK(text(answer.headers)
        == "Access-Control-Allow-Origin: *\n"
           "Access-Control-Allow-Methods: GET\n"
           "Access-Control-Allow-Headers: x-a\n"
           "Access-Control-Max-Age: 60\n");
}

TEST_CASE("the session cookie has the attributes of its options") {
  cookie_options x;
  CHECK(session_cookie(x, "SID") == "io=SID; Path=/; HttpOnly; SameSite=Lax");
  x.name = "id";
  x.path.clear();
  x.same_site = "Strict";
  x.secure = true;
  CHECK(session_cookie(x, "SID") == "id=SID; Secure; SameSite=Strict");
  x.path = "/a";
  x.http_only = false;
  x.max_age = std::chrono::seconds{5};
  CHECK(session_cookie(x, "SID") == "id=SID; Max-Age=5; Path=/a; Secure; SameSite=Strict");
}

TEST_CASE("old browsers get a header against their own protection") {
  request_info request;
  request.headers.add("user-agent", "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0)");
  http_response answer;
  finish_polling_answer(answer, {}, request, {});
  CHECK(text(answer.headers) == "X-XSS-Protection: 0\n");
}

TEST_CASE("the hooks see the answers they are for") {
  options x;
  x.cookie.emplace();
  x.initial_headers = [](header_list& headers, auto&) { headers.emplace_back("first", "1"); };
  x.headers = [](header_list& headers, auto&) { headers.emplace_back("every", "1"); };
  auto headers_of = [&](unsigned status, std::string_view sid) {
    http_response answer;
    answer.status = status;
    finish_polling_answer(answer, x, {}, sid);
    return text(answer.headers);
  };
  CHECK(headers_of(200, "SID")
        == "Set-Cookie: io=SID; Path=/; HttpOnly; SameSite=Lax\nfirst: 1\nevery: 1\n");
  CHECK(headers_of(200, "") == "every: 1\n");
  CHECK(headers_of(400, "") == "");
}
