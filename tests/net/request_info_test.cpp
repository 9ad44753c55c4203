#include "net/engine/session_id.hpp"
#include "net/http/head.hpp"
#include "net/request_info.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace atrium::net;

TEST_CASE("of repeated parameters the last one wins, and all are kept") {
  auto x = parse_query("a=1&b=2&a=3");
  CHECK(x.find("a") == "3");
  CHECK(x.find("b") == "2");
  CHECK(x.size() == 3);
  CHECK(x.at(0).value == "1");
}

TEST_CASE("a query is decoded as browsers encode it") {
  auto x = parse_query("name=J%C3%BCrgen+K&e%20mpty&=v&&bad=%zz%4&eq=a=b");
  CHECK(x.find("name") == "J\xc3\xbcrgen K");
  CHECK(x.find("e mpty") == "");
  CHECK(x.find("") == "v");
  CHECK(x.find("bad") == "%zz%4");
  CHECK(x.find("eq") == "a=b");
  CHECK_FALSE(x.find("missing"));
  CHECK(parse_query("").size() == 0);
}

TEST_CASE("names that mean something in other languages are just names") {
  auto x = parse_query("__proto__=1&constructor=2");
  CHECK(x.find("__proto__") == "1");
  CHECK(x.find("constructor") == "2");
  CHECK_FALSE(x.find("toString"));
}

TEST_CASE("a parameter beyond the limit is cut") {
  name_values x;
  x.add("a", std::string(70'000, 'x'));
  x.add("b", "y");
  CHECK(x.find("a")->size() == 65'535);
  CHECK(x.find("b") == "y");
}

TEST_CASE("a request keeps its target, and its header names in lower case") {
  raw_request raw{boost::beast::http::verb::get, "/path?a=1", 11};
  raw.set("X-Custom", "Value");
  raw.set("Connection", "keep-alive, Upgrade");
  raw.set("Upgrade", "WebSocket");
  auto x
    = make_request_info(raw, {{boost::asio::ip::make_address("127.0.0.1"), 1234}, false, nullptr});
  CHECK(x.method == "GET");
  CHECK(x.target == "/path?a=1");
  CHECK(x.path() == "/path");
  CHECK(x.parameter("a") == "1");
  CHECK(x.header("x-custom") == "Value");
  CHECK(x.header("absent").empty());
  CHECK(x.remote_address.to_string() == "127.0.0.1");
  CHECK(x.remote_port == 1234);
  CHECK(x.upgrade);
}

TEST_CASE("an upgrade to something else is an ordinary request") {
  raw_request raw{boost::beast::http::verb::get, "/", 11};
  raw.set("Connection", "Upgrade, HTTP2-Settings");
  raw.set("Upgrade", "h2c");
  CHECK_FALSE(asks_for_websocket(raw));
}

TEST_CASE("a response has its length, and says whether the connection stays") {
  auto x = make_response(200, "body", "text/plain");
  CHECK(response_head(x, true)
        == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: keep-alive\r\n"
           "Content-Length: 4\r\n\r\n");
  x = {};
  x.status = 413;
  CHECK(response_head(x, false)
        == "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("setting a header replaces it whatever its case") {
  header_list x{{"Content-Type", "a"}, {"other", "b"}};
  set_header(x, "content-type", "c");
  CHECK(x == header_list{{"other", "b"}, {"content-type", "c"}});
}

TEST_CASE("session ids are 20 characters of the URL alphabet and differ") {
  std::set<std::string> seen;
  for (auto i = 0; i < 1000; ++i) {
    auto id = engine::random_id();
    CHECK(id.size() == 20);
    CHECK(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
          == id.npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}
