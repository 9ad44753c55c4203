#include "config/endpoint.hpp"

#include <catch2/catch.hpp>

using namespace atrium::config;

TEST_CASE("an endpoint is read and written alike") {
  auto text = GENERATE("127.0.0.1:8080", "0.0.0.0:1", "[::1]:65535", "[fe80::1]:0");
  CHECK(to_string(parse_endpoint(text).value()) == text);
}

TEST_CASE("localhost stands for 127.0.0.1") {
  CHECK(parse_endpoint("localhost:80").value() == endpoint{"127.0.0.1", 80});
}

TEST_CASE("what is not an address and a port is refused") {
  auto text
    = GENERATE("", ":", "8080", ":8080", "1.2.3.4", "1.2.3.4:", "1.2.3:80", "1.2.3.4:-1",
               "1.2.3.4:70000", "1.2.3.4:8x", "::1:80", "[1.2.3.4]:80", "[]:80", "example.org:80");
  CAPTURE(text);
  CHECK_FALSE(parse_endpoint(text).has_value());
}

TEST_CASE("loopback and any address are told apart from the rest") {
  CHECK(is_loopback({"127.0.0.1", 0}));
  CHECK(is_loopback({"127.8.9.1", 0}));
  CHECK(is_loopback({"::1", 0}));
  CHECK_FALSE(is_loopback({"0.0.0.0", 0}));
  CHECK_FALSE(is_loopback({"::", 0}));
  CHECK_FALSE(is_loopback({"192.168.0.1", 0}));
  CHECK(is_any_address({"0.0.0.0", 0}));
  CHECK(is_any_address({"::", 0}));
  CHECK_FALSE(is_any_address({"127.0.0.1", 0}));
}
