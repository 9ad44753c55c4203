#include "schema/placeholder.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

TEST_CASE("a placeholder names its attachment by a whole number in range") {
  for (auto text : {R"({"_placeholder":true,"num":1})", R"({"num":1.0,"_placeholder":true})",
                    R"({"_placeholder":true,"num":1,"more":[]})"})
    CHECK(placeholder_index(json::parse(text), 2) == 1U);
  json::value large = {{"_placeholder", true}, {"num", std::uint64_t{1}}};
  CHECK(placeholder_index(large, 2) == 1U);
}

TEST_CASE("what is no placeholder or refers to nothing has no attachment") {
  for (auto text :
       {R"({"_placeholder":true,"num":2})", R"({"_placeholder":true,"num":-1})",
        R"({"_placeholder":true,"num":0.5})", R"({"_placeholder":true,"num":-0.5})",
        R"({"_placeholder":true,"num":1e300})",
        R"({"_placeholder":true,"num":18446744073709551615})", R"({"_placeholder":true,"num":"1"})",
        R"({"_placeholder":true,"num":null})", R"({"_placeholder":true})",
        R"({"_placeholder":1,"num":1})", R"({"_placeholder":"true","num":1})",
        R"({"_placeholder":false,"num":1})", R"({"num":1})", R"([true,1])", R"("_placeholder")"})
    CHECK_FALSE(placeholder_index(json::parse(text), 2).has_value());
  CHECK_FALSE(placeholder_index(make_placeholder(0), 0).has_value());
}

TEST_CASE("the bytes of a placeholder are found in its payload") {
  auto owner = payload{{"file", make_placeholder(1), make_placeholder(7)}, {"zero", "one"}};
  REQUIRE(attachment_of(owner, owner.args[1]));
  CHECK(*attachment_of(owner, owner.args[1]) == "one");
  CHECK(attachment_of(owner, owner.args[0]) == nullptr);
  CHECK(attachment_of(owner, owner.args[2]) == nullptr);
}
