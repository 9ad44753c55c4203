#include "schema/placeholder.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace std::literals;

namespace {

using type = socket_packet_type;

std::string packed(std::string_view text) {
  std::string out;
  append_msgpack(out, json::parse(text));
  return out;
}

} // namespace

TEST_CASE("the CONNECT reply of the reference is understood, undefined keys and all") {
  auto bytes = "\x83\xa4type\x00\xa4"
               "data\x82\xa3sid\xa3"
               "abc\xa3pid\xd4\x00\x00\xa3nsp\xa1/"sv;
  auto out = decode_socket_packet_msgpack(bytes);
  REQUIRE(out.has_value());
  CHECK(out->packet.type == type::connect);
  CHECK(out->packet.nsp == "/");
  CHECK(out->packet.data == json::value{{"sid", "abc"}, {"pid", nullptr}});
}

TEST_CASE("keys of a msgpack packet may come in any order and unknown ones are ignored") {
  auto out = decode_socket_packet_msgpack(
    packed(R"({"options":{"compress":true},"nsp":"/n","id":7,"data":["ev",1],"type":2})"));
  REQUIRE(out.has_value());
  CHECK(out->packet.type == type::event);
  CHECK(out->packet.nsp == "/n");
  CHECK(out->packet.id == 7U);
  CHECK(out->packet.has_data);
  CHECK(out->packet.data == json::value{"ev", 1});
}

TEST_CASE("data and id may be absent or nil where the packet allows it") {
  for (auto text : {R"({"type":0,"nsp":"/"})", R"({"type":0,"nsp":"/","data":null,"id":null})",
                    R"({"type":1,"nsp":"/"})", R"({"type":4,"nsp":"/","data":"no"})",
                    R"({"type":4,"nsp":"/","data":{"message":"no"}})",
                    R"({"type":3,"nsp":"/","data":[],"id":18446744073709551615})"})
    CHECK(decode_socket_packet_msgpack(packed(text)).has_value());
}

TEST_CASE("numbers may be written as doubles") {
  auto bytes = "\x84\xa4type\xcb\x40\x00\x00\x00\x00\x00\x00\x00\xa3nsp\xa1/\xa2id"
               "\xcb\x40\x1c\x00\x00\x00\x00\x00\x00\xa4"
               "data\x91\xa2"
               "ev"sv;
  auto out = decode_socket_packet_msgpack(bytes);
  REQUIRE(out.has_value());
  CHECK(out->packet.id == 7U);
}

TEST_CASE("msgpack packets that break the rules are malformed") {
  for (auto text : {R"({})",
                    R"([])",
                    R"("x")",
                    R"({"type":2,"data":["ev"]})",
                    R"({"nsp":"/","data":["ev"]})",
                    R"({"type":5,"nsp":"/","data":["ev"]})",
                    R"({"type":-1,"nsp":"/","data":["ev"]})",
                    R"({"type":"2","nsp":"/","data":["ev"]})",
                    R"({"type":2.5,"nsp":"/","data":["ev"]})",
                    R"({"type":2,"nsp":1,"data":["ev"]})",
                    R"({"type":2,"nsp":"/","data":["ev"],"id":"1"})",
                    R"({"type":2,"nsp":"/","data":["ev"],"id":-1})",
                    R"({"type":2,"nsp":"/","data":["ev"],"id":1.5})",
                    R"({"type":0,"nsp":"/","data":[]})",
                    R"({"type":1,"nsp":"/","data":{}})",
                    R"({"type":2,"nsp":"/"})",
                    R"({"type":2,"nsp":"/","data":{}})",
                    R"({"type":2,"nsp":"/","data":[]})",
                    R"({"type":2,"nsp":"/","data":[null]})",
                    R"({"type":2,"nsp":"/","data":["disconnect"]})",
                    R"({"type":3,"nsp":"/"})",
                    R"({"type":3,"nsp":"/","data":{}})",
                    R"({"type":4,"nsp":"/"})",
                    R"({"type":4,"nsp":"/","data":[]})"}) {
    CAPTURE(text);
    CHECK(decode_socket_packet_msgpack(packed(text)).error() == errc::malformed);
  }
  CHECK(decode_socket_packet_msgpack("").error() == errc::malformed);
  CHECK(decode_socket_packet_msgpack("\x91"sv, {}).error() == errc::malformed);
}

TEST_CASE("binary inside a msgpack packet becomes attachments") {
  std::string bytes;
  auto x = payload{{"ev", make_placeholder(0), {{"deep", make_placeholder(0)}}}, {"\x01\x02"}};
  encode_event_msgpack(bytes, "/", std::nullopt, x);
  auto out = decode_socket_packet_msgpack(bytes);
  REQUIRE(out.has_value());
  CHECK(out->packet.type == type::event);
  CHECK(out->packet.attachments == 2);
  CHECK(out->attachments == std::vector<std::string>{"\x01\x02", "\x01\x02"});
  CHECK(out->packet.data
        == json::value{"ev", make_placeholder(0), {{"deep", make_placeholder(1)}}});
}

TEST_CASE("msgpack packets are written with the keys in the order of the reference") {
  std::string out;
  encode_event_msgpack(out, "/", 5, {{"ev"}, {}});
  CHECK(out
        == "\x84\xa4type\x02\xa4"
           "data\x91\xa2"
           "ev\xa2id\x05\xa3nsp\xa1/"s);
  out.clear();
  encode_event_msgpack(out, "/", std::nullopt, {{"ev"}, {}});
  CHECK(out
        == "\x83\xa4type\x02\xa4"
           "data\x91\xa2"
           "ev\xa3nsp\xa1/"s);
  out.clear();
  encode_ack_msgpack(out, "/n", 5, {{1}, {}});
  CHECK(out
        == "\x84\xa2id\x05\xa4type\x03\xa4"
           "data\x91\x01\xa3nsp\xa2/n"s);
  out.clear();
  json::value sid = {{"sid", "abc"}};
  encode_socket_packet_msgpack(out, type::connect, "/", std::nullopt, &sid);
  CHECK(out
        == "\x83\xa4type\x00\xa4"
           "data\x81\xa3sid\xa3"
           "abc\xa3nsp\xa1/"s);
  out.clear();
  encode_socket_packet_msgpack(out, type::disconnect, "/", 1, nullptr);
  CHECK(out == "\x83\xa4type\x01\xa2id\x01\xa3nsp\xa1/"s);
}

TEST_CASE("a msgpack packet's data lives in the arena of the caller") {
  auto arena = json::monotonic_resource{};
  for (auto text : {R"({"type":2,"nsp":"/","data":["ev"]})", R"({"type":0,"nsp":"/"})"}) {
    auto out = decode_socket_packet_msgpack(packed(text), {}, &arena);
    REQUIRE(out.has_value());
    CHECK(out->packet.data.storage().get() == &arena);
  }
}
