#include "schema/utf8.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace atrium;
using namespace std::literals;

TEST_CASE("well-formed UTF-8 of every length is valid") {
  for (auto text :
       {""sv, "plain text, longer than a word"sv, "\u00e9"sv, "\u2028"sv, "\ufffd"sv,
        "\U0001F600"sv, "\U0010FFFF"sv, "a\0b"sv, "12345678\u00e9"sv, "1234567\u00e9"sv})
    CHECK(is_valid_utf8(text));
}

TEST_CASE("overlong forms, surrogates, stray and missing bytes are not UTF-8") {
  for (auto text : {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc3"sv, "\xc3("sv,
                    "\xe0\x9f\xbf"sv, "\xe2\x82"sv, "\xe2\x28\xa1"sv, "\xe2\x82("sv,
                    "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x8f\xbf\xbf"sv, "\xf4\x90\x80\x80"sv,
                    "\xf5\x80\x80\x80"sv, "\xf0\x9f\x98"sv, "\xf0\x9f\x98("sv, "\xff"sv})
    CHECK_FALSE(is_valid_utf8(text));
}

TEST_CASE("the valid prefix ends where the first bad sequence starts") {
  CHECK(valid_utf8_prefix("abc\xff") == 3);
  CHECK(valid_utf8_prefix("12345678\u00e9\xc3") == 10);
  CHECK(valid_utf8_prefix("") == 0);
}

TEST_CASE("UTF-16 code units are counted as JavaScript counts a string's length") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("abc") == 3);
  CHECK(utf16_length("\u00e9\u20ac") == 2);
  CHECK(utf16_length("a\U0001F600b") == 4);
}

TEST_CASE("a prefix of UTF-16 units is found in bytes unless it splits a pair or is too long") {
  auto text = "a\u20ac\U0001F600b"sv;
  CHECK(utf16_prefix(text, 0) == 0U);
  CHECK(utf16_prefix(text, 2) == 4U);
  CHECK(utf16_prefix(text, 4) == 8U);
  CHECK(utf16_prefix(text, 5) == text.size());
  CHECK_FALSE(utf16_prefix(text, 3).has_value());
  CHECK_FALSE(utf16_prefix(text, 6).has_value());
}

TEST_CASE("bad bytes are replaced one by one and the rest is kept") {
  std::string out = "<";
  append_valid_utf8(out, "a\xff\xfe\u00e9\xe2\x82z");
  CHECK(out == "<a\ufffd\ufffd\u00e9\ufffd\ufffdz");
  CHECK(is_valid_utf8(out));
}

TEST_CASE("code points are written in their only form") {
  std::string out;
  for (auto code_point : {U'a', U'\u00e9', U'\u20ac', U'\U0001F600'})
    append_utf8(out, code_point);
  CHECK(out == "a\u00e9\u20ac\U0001F600");
}
