#include "schema/id.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

TEST_CASE("ids keep letters and digits of every script and the allowed signs") {
  for (auto id :
       {"demo.0.livingroom.lamp.on", "a-b/c d:e!#$%&()+=@^{}|~", "küche.Ofen", "дом.1", "x.٣"})
    CHECK(clean_id(std::string_view{id}).value() == id);
}

TEST_CASE("each run of other characters in an id becomes one underscore") {
  CHECK(clean_id(std::string_view{"b*d?<x>"}).value() == "b_d_x_");
  CHECK(clean_id(std::string_view{"a\"',;\\`\n\tb"}).value() == "a_b");
  CHECK(clean_id(std::string_view{"a\xff\xc0\x80z"}).value() == "a_z");
  CHECK(clean_id(std::string_view{"smile\U0001F600"}).value() == "smile_");
}

TEST_CASE("ids that cannot be stored are refused with the text of the reference") {
  CHECK(clean_id(std::string_view{}).error().text == "The id is empty! Please provide a valid id.");
  CHECK(clean_id(std::string_view{"a."}).error().text
        == "The id \"a.\" is invalid. Ids are not allowed to end in \".\"");
  CHECK(clean_id(json::value(5)).error().text
        == "The id \"5\" has an invalid type! Expected \"string\", received \"number\".");
  CHECK(clean_id(json::value(nullptr)).error().code == errc::invalid_id);
  CHECK(clean_id(std::string(id_bytes_max, 'x')).has_value());
  CHECK(clean_id(std::string(id_bytes_max + 1, 'x')).error().code == errc::invalid_id);
}

TEST_CASE("UTF-8 that is cut, overlong or a surrogate is read byte by byte") {
  for (std::string_view text : {"\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
    std::size_t pos = 0;
    CHECK(next_code_point(text, pos) == 0xffffffff);
    CHECK(pos == 1);
  }
}

TEST_CASE("an id is below its own levels only") {
  CHECK(is_below("a.b", "a"));
  CHECK(is_below("a", "a"));
  CHECK_FALSE(is_below("ab", "a"));
}
