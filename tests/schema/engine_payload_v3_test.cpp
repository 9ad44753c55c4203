#include "schema/engine_payload_v3.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace atrium;
using namespace std::literals;

namespace {

using packets = std::vector<std::pair<char, std::string>>;

struct reading {
  packets read;
  bool failed = false;
};

reading read(std::string_view body, bool framed) {
  reading out;
  payload_reader_v3 aut{body, framed};
  while (auto packet = aut.next())
    out.read.emplace_back(packet->binary ? 'b' : to_digit(packet->type), packet->data);
  CHECK_FALSE(aut.next().has_value());
  out.failed = aut.failed();
  return out;
}

} // namespace

TEST_CASE("protocol 3 text bodies count UTF-16 code units") {
  auto got = read("6:4hello2:4\u20ac3:4\U0001F6001:210:b4AQIDBA==", false);
  CHECK_FALSE(got.failed);
  CHECK(
    got.read
    == packets{
      {'4', "hello"}, {'4', "\u20ac"}, {'4', "\U0001F600"}, {'2', ""}, {'b', "\x01\x02\x03\x04"}});
}

TEST_CASE("a protocol 3 packet without content is skipped") {
  CHECK_FALSE(read("0:", false).failed);
  auto got = read("0:2:4x0:", false);
  CHECK_FALSE(got.failed);
  CHECK(got.read == packets{{'4', "x"}});
}

TEST_CASE("protocol 3 text bodies stop at the first bad packet") {
  for (auto bad : {"4x", "a:4x", ":4x", "-1:4", "+1:4", "3:4x", "2:4", "1:7", "2:\U0001F600", "1:b",
                   "2:b4\xff", "6:b0AQID", "4:b4AQ", "99999999999999999999:4", "1.5:4", "2"}) {
    auto got = read("2:4a" + std::string{bad}, false);
    CHECK(got.failed);
    CHECK(got.read.size()
          == (std::string_view{bad}.find('\xff') == std::string_view::npos ? 1 : 0));
  }
  CHECK(read("", false).failed);
  CHECK(read("2:\U0001F600", false).failed);
  CHECK(read("1:\U0001F600", false).failed);
}

TEST_CASE("protocol 3 binary bodies frame text by 0 and bytes by 1") {
  auto got = read("\x00\x06\xff"
                  "4hello"
                  "\x01\x05\xff\x04\x01\x02\x03\xff"
                  "\x00\x01\x00\xff"
                  "4123456789"sv,
                  true);
  CHECK_FALSE(got.failed);
  CHECK(got.read == packets{{'4', "hello"}, {'b', "\x01\x02\x03\xff"}, {'4', "123456789"}});
}

TEST_CASE("protocol 3 binary bodies count the bytes of a text") {
  auto got = read("\x00\x04\xff"
                  "4\u20ac"sv,
                  true);
  CHECK_FALSE(got.failed);
  CHECK(got.read == packets{{'4', "\u20ac"}});
}

TEST_CASE("protocol 3 binary bodies stop at the first bad packet") {
  const auto long_length = "\x00"s + std::string(400, '\x01')
                           + "\xff"
                             "4";
  for (auto bad : {"\x02\x01\xff"
                   "4"sv,
                   "\x00\xff"
                   "4"sv,
                   "\x00\x01"sv, "\x00"sv,
                   "\x00\x05\xff"
                   "4"sv,
                   "\x00\x0a\xff"
                   "4123456789"sv,
                   "\x01\x01\xff"
                   "4"sv,
                   "\x01\x02\xff\x02x"sv,
                   "\x00\x02\xff"
                   "4\xff"sv,
                   "\x00\x01\xff"
                   "x"sv,
                   std::string_view{long_length}}) {
    auto got = read("\x00\x02\xff"
                    "4a"s
                      + std::string{bad},
                    true);
    CHECK(got.failed);
    CHECK(got.read == packets{{'4', "a"}});
  }
  CHECK(read("", true).failed);
}

TEST_CASE("protocol 3 WebSocket frames carry the type byte of a message") {
  CHECK(decode_engine_binary_v3("\x04"
                                "ab")
          ->data
        == "ab");
  CHECK(decode_engine_binary_v3("\x04")->data.empty());
  CHECK(decode_engine_binary_v3("").error() == errc::malformed);
  CHECK(decode_engine_binary_v3("4ab").error() == errc::malformed);
}

TEST_CASE("protocol 3 text packets hold base64 behind b4") {
  std::string scratch;
  CHECK(decode_engine_packet_v3("b4AQID", scratch)->data == "\x01\x02\x03");
  CHECK(decode_engine_packet_v3("2probe", scratch)->data == "probe");
  for (auto bad : {"", "b", "bAQID", "b3AQID", "b4A", "x"})
    CHECK(decode_engine_packet_v3(bad, scratch).error() == errc::malformed);
}

TEST_CASE("what is appended to a protocol 3 body is what is read from it") {
  const auto bytes = "\x00\x1e\xff:"s;
  std::string text;
  std::string framed;
  append_to_payload_v3(text, "4\u20ac\U0001F600", false);
  append_to_payload_v3(text, bytes, true);
  append_to_binary_payload_v3(framed, "4\u20ac\U0001F600", false);
  append_to_binary_payload_v3(framed, bytes, true);
  CHECK(text == "4:4\u20ac\U0001F60010:b4AB7/Og==");
  CHECK(framed
        == "\x00\x08\xff"
           "4\u20ac\U0001F600"
           "\x01\x05\xff\x04\x00\x1e\xff:"s);
  auto expected = packets{{'4', "\u20ac\U0001F600"}, {'b', bytes}};
  CHECK(read(text, false).read == expected);
  CHECK(read(framed, true).read == expected);
}
