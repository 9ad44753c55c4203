#include "schema/placeholder.hpp"
#include "schema/socket_packet.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

using type = socket_packet_type;

std::string event(std::string_view nsp, std::optional<std::uint64_t> id, const payload& x,
                  const attachment_order& expected = {}) {
  std::string out;
  CHECK(encode_event(out, nsp, id, x) == expected);
  return out;
}

std::string
packet(type t, std::string_view nsp, std::optional<std::uint64_t> id, const json::value* data) {
  std::string out;
  encode_socket_packet(out, t, nsp, id, 0, data);
  return out;
}

} // namespace

TEST_CASE("events are written with namespace and id only where they are needed") {
  auto x = payload{{"ev", 1, "\u20ac"}, {}};
  CHECK(event("/", std::nullopt, x) == "2[\"ev\",1,\"\u20ac\"]");
  CHECK(event("/", 0, x) == "20[\"ev\",1,\"\u20ac\"]");
  CHECK(event("/admin", std::nullopt, x) == "2/admin,[\"ev\",1,\"\u20ac\"]");
  CHECK(event("/admin", 18446744073709551615U, x)
        == "2/admin,18446744073709551615[\"ev\",1,\"\u20ac\"]");
}

TEST_CASE("the other packets are written as the reference writes them") {
  json::value sid = {{"sid", "abc"}};
  CHECK(packet(type::connect, "/", std::nullopt, &sid) == R"(0{"sid":"abc"})");
  CHECK(packet(type::connect, "/custom", std::nullopt, &sid) == R"(0/custom,{"sid":"abc"})");
  CHECK(packet(type::connect, "/custom", std::nullopt, nullptr) == "0/custom,");
  CHECK(packet(type::disconnect, "/", std::nullopt, nullptr) == "1");
  CHECK(packet(type::disconnect, "/nsp", std::nullopt, nullptr) == "1/nsp,");
  json::value error = {{"message", "Invalid namespace"}};
  CHECK(packet(type::connect_error, "/random", std::nullopt, &error)
        == R"(4/random,{"message":"Invalid namespace"})");
  json::value legacy = "nope";
  CHECK(packet(type::connect_error, "/auth", std::nullopt, &legacy) == R"(4/auth,"nope")");
}

TEST_CASE("a binary header is written with its count") {
  std::string out;
  json::value data = json::array{"ev"};
  encode_socket_packet(out, type::binary_event, "/nsp", 3, 2, &data);
  CHECK(out == R"(52-/nsp,3["ev"])");
}

TEST_CASE("acks are written with their id and arguments") {
  std::string out = "4";
  CHECK(encode_ack(out, "/", 7, {{"x"}, {}}).empty());
  CHECK(out == R"(437["x"])");
  out.clear();
  CHECK(encode_ack(out, "/nsp", 0, {}).empty());
  CHECK(out == "3/nsp,0[]");
}

TEST_CASE("binary acks are written with their count") {
  std::string out;
  CHECK(encode_ack(out, "/nsp", 7, {{make_placeholder(0)}, {"bytes"}}) == attachment_order{0});
  CHECK(out == R"(61-/nsp,7[{"_placeholder":true,"num":0}])");
}

TEST_CASE("attachments are numbered in the order in which the arguments name them") {
  auto x = payload{{"ev", make_placeholder(2), {{"deep", {make_placeholder(0)}}}}, {"a", "b", "c"}};
  std::string out = "4";
  CHECK(encode_event(out, "/", 12, x) == attachment_order{2, 0});
  CHECK(
    out
    == R"(452-12["ev",{"_placeholder":true,"num":0},{"deep":[{"_placeholder":true,"num":1}]}])");
}

TEST_CASE("an attachment that is named twice is sent twice") {
  auto x = payload{{"ev", make_placeholder(0), make_placeholder(0)}, {"a"}};
  CHECK(event("/", std::nullopt, x, {0, 0})
        == R"(52-["ev",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
}

TEST_CASE("numbers follow the order in which JavaScript enumerates keys") {
  json::value object = json::object{{"z", make_placeholder(0)}, {"1", make_placeholder(1)}};
  auto x = payload{{"ev", object}, {"a", "b"}};
  CHECK(event("/", std::nullopt, x, {1, 0})
        == R"(52-["ev",{"1":{"_placeholder":true,"num":0},"z":{"_placeholder":true,"num":1}}])");
}

TEST_CASE("an event that names none of its attachments is not binary") {
  CHECK(event("/", std::nullopt, {{"ev", 1}, {"unused"}}) == R"(2["ev",1])");
}

TEST_CASE("a placeholder that refers to no attachment becomes null") {
  auto x = payload{{"ev", make_placeholder(5), make_placeholder(0)}, {"a"}};
  CHECK(event("/", std::nullopt, x, {0}) == R"(51-["ev",null,{"_placeholder":true,"num":0}])");
}

TEST_CASE("without attachments what looks like a placeholder is plain data") {
  CHECK(event("/", std::nullopt, {{"ev", make_placeholder(5)}, {}})
        == R"(2["ev",{"_placeholder":true,"num":5}])");
}

TEST_CASE("more than ten attachments may be sent") {
  payload x{{"ev"}, {}};
  attachment_order order;
  for (std::size_t i = 0; i < 12; ++i) {
    x.args.push_back(make_placeholder(i));
    x.attachments.emplace_back("x");
    order.push_back(i);
  }
  CHECK(event("/", std::nullopt, x, order).starts_with(R"(512-["ev",)"));
}

TEST_CASE("what is encoded decodes to the same packet") {
  auto x
    = payload{{"ev", json::parse(R"({"a":[1,-2.5,true,null,"\u0000\"é"],"__proto__":{}})")}, {}};
  for (auto nsp : {"/", "/nsp", "/k\u00fcche?x=1"}) {
    for (auto id : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{42}}) {
      auto decoded = decode_socket_packet(event(nsp, id, x));
      REQUIRE(decoded.has_value());
      CHECK(decoded->type == type::event);
      CHECK(decoded->nsp == nsp);
      CHECK(decoded->id == id);
      CHECK(decoded->data == json::value(x.args));
    }
  }
}
