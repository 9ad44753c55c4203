#include "schema/json_text.hpp"
#include "schema/msgpack.hpp"
#include "schema/placeholder.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <utility>

using namespace atrium;
using namespace std::literals;

namespace {

std::string packed(const json::value& x, const std::vector<std::string>& attachments = {}) {
  std::string out;
  append_msgpack(out, x, attachments);
  return out;
}

json::value unpacked(std::string_view bytes) {
  std::vector<std::string> attachments;
  auto out = decode_msgpack(bytes, attachments);
  REQUIRE(out.has_value());
  return std::move(*out);
}

errc failure(std::string_view bytes, const msgpack_limits& limits = {}) {
  std::vector<std::string> attachments;
  auto out = decode_msgpack(bytes, attachments, limits);
  REQUIRE(out.has_error());
  return static_cast<errc>(out.error().value());
}

} // namespace

TEST_CASE("integers take their shortest form") {
  const std::vector<std::pair<json::value, std::string>> vectors{
    {0, "\x00"s},
    {127, "\x7f"},
    {128, "\xcc\x80"},
    {255, "\xcc\xff"},
    {256, "\xcd\x01\x00"s},
    {65535, "\xcd\xff\xff"},
    {65536, "\xce\x00\x01\x00\x00"s},
    {4294967295U, "\xce\xff\xff\xff\xff"},
    {4294967296, "\xcf\x00\x00\x00\x01\x00\x00\x00\x00"s},
    {18446744073709551615U, "\xcf\xff\xff\xff\xff\xff\xff\xff\xff"},
    {-1, "\xff"},
    {-32, "\xe0"},
    {-33, "\xd0\xdf"},
    {-128, "\xd0\x80"},
    {-129, "\xd1\xff\x7f"},
    {-32768, "\xd1\x80\x00"s},
    {-32769, "\xd2\xff\xff\x7f\xff"},
    {std::int64_t{-2147483648}, "\xd2\x80\x00\x00\x00"s},
    {std::int64_t{-2147483649}, "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"},
    {std::numeric_limits<std::int64_t>::min(), "\xd3\x80\x00\x00\x00\x00\x00\x00\x00"s}};
  for (const auto& [number, bytes] : vectors) {
    CHECK(packed(number) == bytes);
    CHECK(unpacked(bytes) == number);
  }
}

TEST_CASE("integers in longer forms than needed are read") {
  CHECK(unpacked("\xcf\x00\x00\x00\x00\x00\x00\x00\x05"sv) == 5);
  CHECK(unpacked("\xd3\x00\x00\x00\x00\x00\x00\x00\x05"sv) == 5);
  CHECK(unpacked("\xd0\x05"sv) == 5);
}

TEST_CASE("doubles are written whole, those without fraction as integers") {
  CHECK(packed(1.5) == "\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"s);
  CHECK(unpacked("\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"sv) == 1.5);
  CHECK(unpacked("\xca\x3f\xc0\x00\x00"sv) == 1.5);
  CHECK(packed(5.0) == "\x05");
  CHECK(packed(-0.0) == "\x00"s);
  CHECK(unpacked(packed(1e300)) == 1e300);
  CHECK(packed(std::numeric_limits<double>::infinity()).size() == 9);
}

TEST_CASE("null and booleans have a byte each") {
  CHECK(packed(nullptr) == "\xc0");
  CHECK(packed(false) == "\xc2");
  CHECK(packed(true) == "\xc3");
  CHECK(unpacked("\x93\xc0\xc2\xc3") == json::value{nullptr, false, true});
}

TEST_CASE("texts, arrays and maps of every length come back") {
  for (std::size_t length : {0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536}) {
    auto text = json::value(std::string(length, 'x'));
    CHECK(unpacked(packed(text)) == text);
    auto array = json::value(json::array(length, 7));
    CHECK(unpacked(packed(array)) == array);
  }
  for (std::size_t length : {0, 15, 16, 9999}) {
    json::object object;
    for (std::size_t i = 0; i < length; ++i)
      object.emplace("k" + std::to_string(i), i);
    CHECK(unpacked(packed(object)) == json::value(object));
  }
  std::string header;
  append_msgpack_map(header, 65536);
  CHECK(header == "\xdf\x00\x01\x00\x00"s);
}

TEST_CASE("maps are written in the order of JavaScript") {
  CHECK(packed(json::parse(R"({"b":0,"10":1,"9":2})"))
        == "\x83\xa1"
           "9\x02\xa2"
           "10\x01\xa1"
           "b\x00"s);
}

TEST_CASE("bytes that are not UTF-8 are refused when read and replaced when written") {
  CHECK(failure("\xa1\xff"sv) == errc::malformed);
  CHECK(failure("\x81\xa1\xff\x00"sv) == errc::malformed);
  CHECK(unpacked(packed("a\xff")) == "a\ufffd");
}

TEST_CASE("keys may be integers and equal keys the last one wins") {
  CHECK(unpacked("\x82\x05\xc2\xcd\x01\x00\xc3"sv) == json::value{{"5", false}, {"256", true}});
  CHECK(unpacked("\x82\xa1"
                 "a\x01\xd9\x01"
                 "a\x02"sv)
        == json::value{{"a", 2}});
  for (auto bytes : {"\x81\xc0\x01"sv, "\x81\xff\x01"sv, "\x81\x90\x01"sv,
                     "\x81\xc4\x01"
                     "a\x01"sv,
                     "\x81\xcd\x01"sv, "\x81\xd9"sv, "\x81"sv,
                     "\x81\xa1"
                     "a"sv})
    CHECK(failure(bytes) == errc::malformed);
}

TEST_CASE("binary becomes attachments and placeholders, and back") {
  for (std::size_t length : {0, 1, 255, 256, 65535, 65536}) {
    auto x = json::value{"a", make_placeholder(1), {{"b", make_placeholder(0)}}};
    auto attachments = std::vector<std::string>{"zero", std::string(length, '\xff')};
    std::vector<std::string> got;
    auto out = decode_msgpack(packed(x, attachments), got);
    REQUIRE(out.has_value());
    CHECK(got == std::vector<std::string>{attachments[1], "zero"});
    CHECK(*out == json::value{"a", make_placeholder(0), {{"b", make_placeholder(1)}}});
  }
}

TEST_CASE("a placeholder that stands for nothing is nil, without attachments it is data") {
  CHECK(packed(make_placeholder(3), {"x"}) == "\xc0");
  CHECK(unpacked(packed(make_placeholder(3))) == json::value(make_placeholder(3)));
}

TEST_CASE("undefined becomes null in all its forms") {
  CHECK(unpacked("\xd4\x00\x00"sv).is_null());
  CHECK(unpacked("\xc7\x01\x00\x00"sv).is_null());
  CHECK(unpacked("\xc7\x00\x00"sv).is_null());
  CHECK(unpacked("\x92\xd4\x00\x00\x01"sv) == json::value{nullptr, 1});
}

TEST_CASE("times become the text that JSON would have") {
  CHECK(unpacked("\xd6\xff\x00\x00\x00\x01"sv) == "1970-01-01T00:00:01.000Z");
  CHECK(unpacked("\xd7\xff\x1d\xcd\x65\x00\x67\x3e\x3d\x58"sv) == "2024-11-20T19:49:44.125Z");
  CHECK(unpacked("\xc7\x0c\xff\x00\x0f\x42\x40\xff\xff\xff\xff\xff\xff\xff\xff"sv)
        == "1969-12-31T23:59:59.001Z");
  CHECK(unpacked("\xd7\x00\x00\x00\x01\x93\x4b\x35\x2b\xfd"sv) == "2024-11-20T20:13:16.157Z");
  CHECK(unpacked("\xc7\x0c\xff\x00\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff"sv).is_null());
  CHECK(unpacked("\xd7\x00\x7f\xff\xff\xff\xff\xff\xff\xff"sv).is_null());
  CHECK(failure("\xc7\x03\xff\x00\x00\x00"sv) == errc::malformed);
}

TEST_CASE("other extensions keep their type and bytes") {
  std::vector<std::string> attachments;
  auto out = decode_msgpack("\x92\xd5\x07"
                            "ab\xc8\x00\x03\xfe"
                            "xyz"sv,
                            attachments);
  REQUIRE(out.has_value());
  CHECK(*out
        == json::value{json::array{7, make_placeholder(0)}, json::array{-2, make_placeholder(1)}});
  CHECK(attachments == std::vector<std::string>{"ab", "xyz"});
  attachments.clear();
  CHECK(*decode_msgpack("\xc9\x00\x00\x00\x02\x00"
                        "ab"sv,
                        attachments)
        == make_placeholder(0));
}

TEST_CASE("truncated values are malformed at every length") {
  auto whole = packed(json::parse(R"([1,"text",{"key":[1.5,-300,70000,null]}])"))
               + std::string("\xc4\x02"
                             "ab",
                             4)
               + "\xd6\xff\x00\x00\x00\x01"s;
  whole = "\x93" + whole;
  unpacked(whole);
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK(failure(std::string_view{whole}.substr(0, length)) == errc::malformed);
}

TEST_CASE("bytes behind the value and the unused type are malformed") {
  CHECK(failure("\x01\x01"sv) == errc::malformed);
  CHECK(failure("\xc1"sv) == errc::malformed);
}

TEST_CASE("counts that the bytes cannot hold are refused before anything is reserved") {
  for (auto bytes :
       {"\xdd\xff\xff\xff\xff"sv, "\xdb\xff\xff\xff\xff"sv, "\xc6\xff\xff\xff\xff"sv,
        "\xc9\xff\xff\xff\xff\x05"sv, "\xdc\x00\x02\xc0"sv, "\xde\x00\x02\xc0\xc0\xc0"sv})
    CHECK(failure(bytes) == errc::malformed);
  CHECK(failure("\xdf\xff\xff\xff\xff"sv) == errc::limit_exceeded);
}

TEST_CASE("depth, keys and attachments are limited") {
  auto nested = [](std::size_t depth) { return std::string(depth, '\x91') + "\xc0"; };
  CHECK(unpacked(nested(512)).is_array());
  CHECK(failure(nested(513)) == errc::limit_exceeded);
  CHECK(failure(std::string(1'000'000, '\x91')) == errc::limit_exceeded);
  CHECK(failure("\x82\x01\x01\x02\x02"sv, {.map_keys_max = 1}) == errc::limit_exceeded);
  CHECK(failure("\x81\x01\x81\x01\x01"sv, {.depth_max = 1}) == errc::limit_exceeded);
  CHECK(failure("\x92\xc4\x00\xc4\x00"sv, {.attachments_max = 1}) == errc::limit_exceeded);
  CHECK(failure("\xd4\x05\x00"sv, {.attachments_max = 0}) == errc::limit_exceeded);
}
