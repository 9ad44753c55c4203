#include "schema/json_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

using namespace atrium;
using namespace std::literals;

namespace {

std::string text_of(const json::value& x) {
  std::string out;
  append_json(out, x);
  return out;
}

/// Parses and writes again.
std::string normalized(std::string_view text) {
  auto parsed = parse_json(text);
  REQUIRE(parsed.has_value());
  return text_of(*parsed);
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

TEST_CASE("numbers are written as JavaScript writes them") {
  const std::vector<std::pair<double, std::string>> numbers{
    {0.0, "0"},
    {-0.0, "0"},
    {1.0, "1"},
    {-17.0, "-17"},
    {1.5, "1.5"},
    {-0.25, "-0.25"},
    {0.1 + 0.2, "0.30000000000000004"},
    {100.0, "100"},
    {123456789012345680.0, "123456789012345680"},
    {1e15, "1000000000000000"},
    {1e20, "100000000000000000000"},
    {1e21, "1e+21"},
    {-1.5e300, "-1.5e+300"},
    {1e-6, "0.000001"},
    {1.25e-6, "0.00000125"},
    {1e-7, "1e-7"},
    {-1.25e-7, "-1.25e-7"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {4.35, "4.35"},
    {21.5, "21.5"},
    {std::numeric_limits<double>::infinity(), "null"},
    {-std::numeric_limits<double>::infinity(), "null"},
    {std::numeric_limits<double>::quiet_NaN(), "null"}};
  for (const auto& [number, text] : numbers)
    CHECK(text_of(number) == text);
}

TEST_CASE("64-bit integers keep all their digits") {
  CHECK(normalized("9007199254740993") == "9007199254740993");
  CHECK(normalized("-9223372036854775808") == "-9223372036854775808");
  CHECK(normalized("18446744073709551615") == "18446744073709551615");
}

TEST_CASE("integers beyond 64 bits become doubles") {
  CHECK(parse_json("18446744073709551616")->is_double());
  CHECK(normalized("18446744073709551616") == "18446744073709552000");
  CHECK(normalized("-9223372036854775809") == "-9223372036854776000");
}

TEST_CASE("numbers of every form are read and rounded correctly") {
  for (const auto& [text, number] : std::vector<std::pair<std::string, double>>{
         {"1.0", 1.0},
         {"1e2", 100.0},
         {"1E+2", 100.0},
         {"-1.5e-3", -0.0015},
         {"0.1", 0.1},
         {"4.35", 4.35},
         {"0.30000000000000004", 0.1 + 0.2},
         {"2.2250738585072011e-308", 2.2250738585072011e-308},
         {"17976931348623157e292", 1.7976931348623157e308}})
    CHECK(parse_json(text)->as_double() == number);
}

TEST_CASE("numbers too large for a double are infinite and those too small are zero") {
  auto infinity = std::numeric_limits<double>::infinity();
  CHECK(parse_json("1e400")->as_double() == infinity);
  CHECK(parse_json("-1e400")->as_double() == -infinity);
  CHECK(parse_json("1e99999999999999999999")->as_double() == infinity);
  CHECK(parse_json(std::string(400, '9'))->as_double() == infinity);
  CHECK(parse_json("0." + std::string(400, '0') + "1e900")->as_double() == infinity);
  CHECK(parse_json("1e-400")->as_double() == 0);
  CHECK(parse_json("1e-99999999999999999999")->as_double() == 0);
  CHECK(parse_json("1" + std::string(400, '0') + "e-900")->as_double() == 0);
  CHECK(std::signbit(parse_json("-1e-400")->as_double()));
  CHECK(normalized("[1e400,-1e400,1e-400]") == "[null,null,0]");
}

TEST_CASE("strings are escaped only where JSON asks for it") {
  CHECK(text_of("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f")
        == R"("a\"b\\c/\b\f\n\r\t\u0001\u001f)"
           "\x7f\"");
  CHECK(text_of("\u00e9\u2028\u2029\U0001F600") == "\"\u00e9\u2028\u2029\U0001F600\"");
  CHECK(text_of(json::string("a\0b"sv)) == R"("a\u0000b")");
  CHECK(text_of("0123456789abcdef\"0123456789") == R"("0123456789abcdef\"0123456789")");
}

TEST_CASE("bytes that are not UTF-8 are written as replacement characters") {
  CHECK(text_of("a\xff"
                "b\n\xc3")
        == "\"a\ufffd"
           "b\\n\ufffd\"");
}

TEST_CASE("escapes are read, surrogate pairs joined") {
  CHECK(parse_json(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00")")->as_string()
        == "\"\\/\b\f\n\r\tA\u00e9\u20ac\U0001F600");
  CHECK(parse_json(R"("\u0000")")->as_string() == json::string("\0"sv));
}

TEST_CASE("a lone surrogate escape becomes the replacement character") {
  CHECK(parse_json(R"("a\ud800b")")->as_string()
        == "a\ufffd"
           "b");
  CHECK(parse_json(R"("\udc00")")->as_string() == "\ufffd");
  CHECK(parse_json(R"("\ud800\ud83d\ude00")")->as_string() == "\ufffd\U0001F600");
  CHECK(parse_json(R"("\ud800\u0041")")->as_string() == "\ufffdA");
  CHECK(parse_json(R"("\ud800\n")")->as_string() == "\ufffd\n");
  CHECK(parse_json(R"("\ud800")")->as_string() == "\ufffd");
}

TEST_CASE("keys that are array indices come first, ascending, as in JavaScript") {
  CHECK(normalized(R"({"b":1,"10":2,"a":3,"9":4,"0":5})") == R"({"0":5,"9":4,"10":2,"b":1,"a":3})");
  CHECK(normalized(R"({"01":1,"4294967295":2,"-1":3,"1.5":4,"4294967294":5,"7":6})")
        == R"({"7":6,"4294967294":5,"01":1,"4294967295":2,"-1":3,"1.5":4})");
  CHECK(normalized(R"({"z":{"2":0,"1":0},"y":[{"b":0,"1":0}]})")
        == R"({"z":{"1":0,"2":0},"y":[{"1":0,"b":0}]})");
}

TEST_CASE("of equal keys the last value stands in the place of the first") {
  CHECK(normalized(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
  std::string many = "{\"k\":0";
  for (auto i = 0; i < 40; ++i)
    many += ",\"x" + std::to_string(i) + "\":0";
  CHECK(parse_json(many + ",\"k\":[7]}")->as_object().size() == 41);
  CHECK(normalized(many + ",\"k\":[7]}").starts_with(R"({"k":[7],"x0":0)"));
}

TEST_CASE("__proto__ is an ordinary key") {
  CHECK(normalized(R"({"__proto__":{"x":1},"constructor":null})")
        == R"({"__proto__":{"x":1},"constructor":null})");
}

TEST_CASE("arrays, objects, literals and space are read") {
  CHECK(normalized(" [ ] ") == "[]");
  CHECK(normalized("\t{ }\r\n") == "{}");
  CHECK(normalized(R"( [ 1 , true , false , null , "x" , { "a" : [ ] } ] )")
        == R"([1,true,false,null,"x",{"a":[]}])");
  json::value empty = json::object{};
  CHECK(text_of(empty) == "{}");
}

TEST_CASE("what is not JSON is malformed") {
  for (auto text : {""sv,
                    " "sv,
                    "nul"sv,
                    "truE"sv,
                    "undefined"sv,
                    "NaN"sv,
                    "Infinity"sv,
                    "'a'"sv,
                    "\"a"sv,
                    "\""sv,
                    "\"\\"sv,
                    "\"\\x\""sv,
                    "\"\\u12\""sv,
                    "\"\\u12g4\""sv,
                    "\"\\ud800\\u\""sv,
                    "\"\\ud800\\uzzzz\""sv,
                    "\"a\nb\""sv,
                    "\"a\0b\""sv,
                    "\"\xff\""sv,
                    "\"\xed\xa0\x80\""sv,
                    "["sv,
                    "]"sv,
                    "[1"sv,
                    "[1,"sv,
                    "[1,]"sv,
                    "[,1]"sv,
                    "[1 2]"sv,
                    "{"sv,
                    "}"sv,
                    "{\"a\"}"sv,
                    "{\"a\":}"sv,
                    "{\"a\":1"sv,
                    "{\"a\":1,}"sv,
                    "{a:1}"sv,
                    "{1:1}"sv,
                    "{\"a\":1 \"b\":2}"sv,
                    "{\"a"sv,
                    "01"sv,
                    "-"sv,
                    "+1"sv,
                    ".5"sv,
                    "1."sv,
                    "1e"sv,
                    "1e+"sv,
                    "0x10"sv,
                    "1 2"sv,
                    "[]x"sv,
                    "//"sv,
                    "\xef\xbb\xbf"
                    "1"sv,
                    "\0"sv,
                    "1\0"sv,
                    "-01"sv,
                    "{\"a\":1}}"sv,
                    "[\"x\" \"y\"]"sv}) {
    auto parsed = parse_json(text);
    CAPTURE(text);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == errc::malformed);
  }
}

TEST_CASE("nesting is limited, and the limit can be changed") {
  CHECK(parse_json(nested(512)).has_value());
  CHECK(parse_json(nested(513)).error() == errc::limit_exceeded);
  CHECK(parse_json(R"([{"a":[]}])", {.depth_max = 3}).has_value());
  CHECK(parse_json(R"([{"a":[]}])", {.depth_max = 2}).error() == errc::limit_exceeded);
  CHECK(parse_json(R"([{}])", {.depth_max = 1}).error() == errc::limit_exceeded);
  CHECK(parse_json("1", {.depth_max = 0}).has_value());
  CHECK(parse_json(std::string(1'000'000, '[')).error() == errc::limit_exceeded);
}

TEST_CASE("the keys of one object are limited") {
  CHECK(parse_json(R"({"a":1,"b":2})", {.object_keys_max = 2}).has_value());
  CHECK(parse_json(R"({"a":1,"a":2,"a":3})", {.object_keys_max = 2}).error()
        == errc::limit_exceeded);
}

TEST_CASE("a parsed value lives in the storage of the caller") {
  auto arena = json::monotonic_resource{};
  auto parsed
    = parse_json(R"(["a text that is longer than a small string",{"k":[1,2,3]}])", {}, &arena);
  REQUIRE(parsed.has_value());
  CHECK(parsed->storage().get() == &arena);
  CHECK(parsed->as_array()[1].as_object().storage().get() == &arena);
}

TEST_CASE("long texts with many escapes are read whole") {
  std::string text = "\"";
  std::string expected;
  for (auto i = 0; i < 5000; ++i) {
    text += "ab\\n\\u00e9";
    expected += "ab\n\u00e9";
  }
  CHECK(std::string_view{parse_json(text + "\"")->as_string()} == expected);
  CHECK(parse_json("{" + text + "\":1}")->as_object().contains(expected));
}
