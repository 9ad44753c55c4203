#include "schema/socket_packet.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

socket_packet decoded(std::string_view text) {
  CAPTURE(text);
  auto packet = decode_socket_packet(text);
  REQUIRE(packet.has_value());
  return std::move(*packet);
}

void check_malformed(std::string_view text) {
  CAPTURE(text);
  auto packet = decode_socket_packet(text);
  REQUIRE(packet.has_error());
  CHECK(packet.error() == errc::malformed);
}

using type = socket_packet_type;

} // namespace

TEST_CASE("an event is decoded with its namespace, id and arguments") {
  auto plain = decoded(R"(2["echo","x"])");
  CHECK(plain.type == type::event);
  CHECK(plain.nsp == "/");
  CHECK_FALSE(plain.id.has_value());
  CHECK(plain.has_data);
  CHECK(plain.data == json::value{"echo", "x"});
  CHECK(plain.attachments == 0);
  CHECK(decoded(R"(217["echo"])").id == 17U);
  auto named = decoded(R"(2/admin,7["ev",{"a":[1]}])");
  CHECK(named.nsp == "/admin");
  CHECK(named.id == 7U);
  CHECK(named.data == json::value{"ev", {{"a", json::array{1}}}});
}

TEST_CASE("the namespace ends at the comma or at the end") {
  CHECK(decoded("0/").nsp == "/");
  CHECK(decoded("0/,").nsp == "/");
  CHECK(decoded("0").nsp == "/");
  CHECK(decoded("0/custom").nsp == "/custom");
  CHECK(decoded("0/custom,").nsp == "/custom");
  CHECK(decoded("1/k\u00fcche,").nsp == "/k\u00fcche");
  CHECK(decoded(R"(0/custom?token=abc,{})").nsp == "/custom?token=abc");
  check_malformed("0/a\xff,");
}

TEST_CASE("CONNECT carries an object or nothing, and tolerates an id") {
  CHECK_FALSE(decoded("0").has_data);
  CHECK(decoded(R"(0{"token":"x"})").data == json::value{{"token", "x"}});
  CHECK(decoded("00").id == 0U);
  CHECK(decoded("01{}").id == 1U);
  for (auto text : {"0[]", "0null", R"(0"x")", "0true", "0-1", R"(0/nsp,[])"})
    check_malformed(text);
}

TEST_CASE("DISCONNECT carries nothing") {
  CHECK(decoded("1").type == type::disconnect);
  CHECK(decoded("1/nsp,").nsp == "/nsp");
  for (auto text : {"1{}", "1[]", "1null", "1x", "1/nsp,x"})
    check_malformed(text);
}

TEST_CASE("CONNECT_ERROR carries an object or a string") {
  CHECK(decoded(R"(4/nsp,{"message":"no"})").data == json::value{{"message", "no"}});
  CHECK(decoded(R"(4"no")").data == "no");
  CHECK_FALSE(decoded("4").has_data);
  for (auto text : {"4[]", "4null", "4-1"})
    check_malformed(text);
}

TEST_CASE("an event is a non-empty array that starts with a string or a number") {
  CHECK(decoded("2[1]").data == json::value(json::array{1}));
  CHECK(decoded("2[1.5,null]").has_data);
  CHECK(decoded(R"(2[""])").has_data);
  for (auto text : {"2[]", "2{}", R"(2"x")", "2[null]", "2[true]", "2[1e400]", "2[{}]", "2[[]]",
                    "2null", "2x", "2[", R"(2["a"]x)"})
    check_malformed(text);
}

TEST_CASE("names that Socket.IO uses itself are refused") {
  for (auto name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener",
                    "removeListener"}) {
    CHECK(is_reserved_event(name));
    check_malformed(R"(2[")" + std::string{name} + R"("])");
    check_malformed(R"(51-[")" + std::string{name} + R"("])");
  }
  for (auto name : {"error", "connection", "message", "Connect", ""}) {
    CHECK_FALSE(is_reserved_event(name));
    CHECK(decoded(R"(2[")" + std::string{name} + R"("])").has_data);
  }
  CHECK(decoded(R"(3["connect"])").has_data);
}

TEST_CASE("an event or ack without data is tolerated") {
  CHECK_FALSE(decoded("2").has_data);
  CHECK(decoded("2").data.is_null());
  CHECK(decoded("2/nsp,5").id == 5U);
  CHECK_FALSE(decoded("3").has_data);
  CHECK(decoded("37").id == 7U);
}

TEST_CASE("an ack carries an array") {
  CHECK(decoded("37[]").data == json::value(json::array{}));
  CHECK(decoded(R"(3/nsp,0[null,{}])").id == 0U);
  for (auto text : {"31{}", R"(31"x")", "31null", "3true"})
    check_malformed(text);
}

TEST_CASE("ids are 64-bit numbers, leading zeros do not count") {
  CHECK(decoded(R"(2007["a"])").id == 7U);
  CHECK(decoded(R"(29007199254740993["a"])").id == 9007199254740993U);
  CHECK(decoded(R"(318446744073709551615[])").id == 18446744073709551615U);
  check_malformed("318446744073709551616[]");
  check_malformed("3" + std::string(100, '9') + "[]");
  check_malformed(R"(2abc["a"])");
  check_malformed(R"(2-1["a"])");
}

TEST_CASE("a binary packet announces its attachments") {
  auto event = decoded(R"(51-["ev",{"_placeholder":true,"num":0}])");
  CHECK(event.type == type::binary_event);
  CHECK(event.attachments == 1);
  auto ack = decoded(R"(610-/nsp,7[])");
  CHECK(ack.type == type::binary_ack);
  CHECK(ack.attachments == 10);
  CHECK(ack.nsp == "/nsp");
  CHECK(ack.id == 7U);
}

TEST_CASE("attachment counts that are missing, zero or no decimal number are refused") {
  for (auto text : {R"(5["ev"])",
                    R"(51["ev"])",
                    R"(5-["ev"])",
                    R"(50-["ev"])",
                    R"(5a-["ev"])",
                    R"(5-1-["ev"])",
                    R"(51.5-["ev"])",
                    R"(51e0-["ev"])",
                    R"(5 1-["ev"])",
                    R"(50x1-["ev"])",
                    R"(5+1-["ev"])",
                    "5",
                    "51",
                    "51-",
                    "51-/nsp,",
                    "61-",
                    "61-5",
                    "51-{}",
                    "61-{}",
                    "51-[]"})
    check_malformed(text);
}

TEST_CASE("more attachments than allowed are a limit, which can be changed") {
  for (auto text : {R"(511-["ev"])", R"(54294967296-["ev"])", R"(699999999999999999999-[])"})
    CHECK(decode_socket_packet(text).error() == errc::limit_exceeded);
  CHECK(decode_socket_packet(R"(511-["ev"])", {.attachments_max = 11}).has_value());
  CHECK(decode_socket_packet(R"(52-["ev"])", {.attachments_max = 1}).error()
        == errc::limit_exceeded);
}

TEST_CASE("placeholders in a packet that is not binary are plain data") {
  auto packet = decoded(R"(2["ev",{"_placeholder":true,"num":99}])");
  CHECK(packet.attachments == 0);
  CHECK(packet.data.as_array()[1].at("num") == 99);
}

TEST_CASE("what has no known type is refused") {
  for (auto text : {"", "7", "8", "9[\"a\"]", "abc", " 2[\"a\"]", "-1", "[\"a\"]", "\xff"})
    check_malformed(text);
}

TEST_CASE("limits of the JSON text apply to packets") {
  CHECK(decode_socket_packet(R"(2["a",[[]]])", {.json = {.depth_max = 2}}).error()
        == errc::limit_exceeded);
  CHECK(decode_socket_packet(R"(2["a",[[]]])", {.json = {.depth_max = 3}}).has_value());
}

TEST_CASE("a packet's data lives in the arena of the caller, with data or without") {
  auto arena = json::monotonic_resource{};
  for (auto text : {R"(2["echo","x"])", "2", R"(0{"a":1})"}) {
    auto packet = decode_socket_packet(text, {}, &arena);
    REQUIRE(packet.has_value());
    CHECK(packet->data.storage().get() == &arena);
  }
}
