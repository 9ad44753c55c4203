#include "schema/engine_packet.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

TEST_CASE("a text packet is a digit and its text") {
  std::string scratch;
  for (auto digit = '0'; digit <= '6'; ++digit) {
    auto text = std::string{digit} + "probe \u20ac";
    auto packet = decode_engine_packet(text, scratch);
    REQUIRE(packet.has_value());
    CHECK(to_digit(packet->type) == digit);
    CHECK_FALSE(packet->binary);
    CHECK(packet->data == "probe \u20ac");
  }
  CHECK(decode_engine_packet("4", scratch)->data.empty());
}

TEST_CASE("a text packet that starts with b is a binary message") {
  std::string scratch;
  auto packet = decode_engine_packet("bAQIDBA==", scratch);
  REQUIRE(packet.has_value());
  CHECK(*packet == engine_packet_view{engine_packet_type::message, true, "\x01\x02\x03\x04"});
  CHECK(decode_engine_packet("b", scratch)->data.empty());
}

TEST_CASE("an engine packet that is empty, of no type or not base64 is malformed") {
  std::string scratch;
  for (auto text : {"", "7", "9abc", "abc", " 4", "-1", "b?", "bAQ", "bAQ=",
                    "\x04"
                    "abc"})
    CHECK(decode_engine_packet(text, scratch).error() == errc::malformed);
}

TEST_CASE("an engine packet is appended as it is decoded") {
  std::string out = "x";
  append_engine_packet(out, engine_packet_type::pong, "probe");
  CHECK(out == "x3probe");
}
