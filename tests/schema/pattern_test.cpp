#include "schema/pattern_index.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace atrium;

namespace {

pattern make(std::string_view text) {
  return pattern::parse(text).value();
}

std::vector<std::string> matching(const pattern_index& index, std::string_view id) {
  std::vector<pattern_index::slot> slots;
  index.match(id, slots);
  std::vector<std::string> result;
  for (auto i : slots)
    result.push_back(index.at(i).text());
  std::ranges::sort(result);
  return result;
}

} // namespace

TEST_CASE("a star stands for any run of characters, dots included") {
  CHECK(make("*").matches("a.b.c"));
  CHECK(make("a.*").matches("a.b.c"));
  CHECK(make("a.*").matches("a."));
  CHECK_FALSE(make("a.*").matches("a"));
  CHECK(make("*.on").matches("lamp.1.on"));
  CHECK(make("a*b*c").matches("a-b-b-c"));
  CHECK_FALSE(make("a*b*c").matches("a-c-b"));
  CHECK_FALSE(make("ab*ba").matches("aba"));
  CHECK(make("**").matches("x"));
  CHECK(make("a.b").matches("a.b"));
  CHECK_FALSE(make("a.b").matches("a.bc"));
  CHECK(make("a+(b)").matches("a+(b)"));
}

TEST_CASE("patterns with characters that ids cannot have are refused") {
  CHECK(pattern::parse(std::string_view{"a?b"}).error().text
        == "The pattern \"a?b\" is not a valid ID pattern");
  CHECK(pattern::parse(std::string_view{}).has_error());
  CHECK(pattern::parse(std::string(241, '*')).has_error());
  CHECK(pattern::parse(json::value(json::object{})).has_error());
  CHECK(pattern::parse(json::value(5)).value().text() == "5");
}

TEST_CASE("an index finds every pattern of an id once") {
  pattern_index aut;
  for (auto text : {"*", "a.*", "a.b", "a.b.*", "*.c", "a.*.c", "a.b.c", "b.*", "a.b.c*"})
    aut.add(make(text));
  CHECK(matching(aut, "a.b.c")
        == std::vector<std::string>{"*", "*.c", "a.*", "a.*.c", "a.b.*", "a.b.c", "a.b.c*"});
  CHECK(matching(aut, "x") == std::vector<std::string>{"*"});
}

TEST_CASE("a removed pattern matches no more and gives its slot away") {
  pattern_index aut;
  auto slot = aut.add(make("a.*"));
  CHECK(aut.add(make("a.*")) == slot);
  CHECK(aut.remove("a.*") == slot);
  CHECK_FALSE(aut.remove("a.*"));
  CHECK(matching(aut, "a.b").empty());
  CHECK(aut.add(make("c")) == slot);
  CHECK(matching(aut, "c") == std::vector<std::string>{"c"});
}

TEST_CASE("an index agrees with trying every pattern") {
  pattern_index aut;
  std::vector<pattern> all;
  for (auto i = 0; i < 10'000; ++i) {
    auto n = std::to_string(i % 5'000);
    all.push_back(make(i % 3 == 0   ? "dev." + n + ".*"
                       : i % 3 == 1 ? "dev." + n + ".state"
                                    : "dev." + n.substr(0, 2) + "*.state"));
    aut.add(all.back());
  }
  for (auto i = 0; i < 10'000; i += 97) {
    auto id = "dev." + std::to_string(i) + ".state";
    std::vector<std::string> expected;
    for (auto& x : all)
      if (x.matches(id))
        expected.push_back(x.text());
    std::ranges::sort(expected);
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    CHECK(matching(aut, id) == expected);
  }
}
