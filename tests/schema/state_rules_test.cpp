#include "schema/json_text.hpp"
#include "schema/state_json.hpp"
#include "schema/state_rules.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

const writer client{"system.adapter.hub.0", "system.user.admin"};
constexpr epoch_ms now = 1'700'000'000'000;

state written(std::string_view text, const state* old = nullptr, double step = 0) {
  return apply(parse_state_write(json::parse({text.data(), text.size()}), client).value(), old, now,
               step);
}

std::string refused(std::string_view text) {
  return parse_state_write(json::parse({text.data(), text.size()}), client).error().text;
}

} // namespace

TEST_CASE("a plain value, null and an array are taken as the value") {
  CHECK(written("5").val == 5);
  CHECK(written("null").val.is_null());
  CHECK(written("[1,2]").val == json::array{1, 2});
  CHECK(written(R"({"val":{"a":1}})").val == json::object{{"a", 1}});
}

TEST_CASE("what a write leaves out gets its default") {
  auto aut = written("true");
  CHECK_FALSE(aut.ack);
  CHECK(aut.q == 0);
  CHECK(aut.ts == now);
  CHECK(aut.lc == now);
  CHECK(aut.from == client.from);
  CHECK(aut.user == client.user);
}

TEST_CASE("a partial write keeps the value, but neither ack nor quality nor comment") {
  auto old = written(R"({"val":7,"ack":true,"q":2,"c":"why"})");
  old.ts = old.lc = now - 1000;
  auto aut = written(R"({"ack":true})", &old);
  CHECK(aut.val == 7);
  CHECK(aut.ack);
  CHECK(aut.ts == now);
  CHECK(aut.lc == now - 1000);
  CHECK(aut.q == 0);
  CHECK(aut.c.empty());
  CHECK_FALSE(written(R"({"q":1})", &old).ack);
}

TEST_CASE("lc moves when the value differs, by deep comparison") {
  auto old = written(R"({"val":{"a":1,"b":[1,2]},"ts":1600000000000})");
  CHECK(written(R"({"val":{"b":[1,2.0],"a":1}})", &old).lc == 1600000000000);
  CHECK(written(R"({"val":{"b":[2,1],"a":1}})", &old).lc == now);
  CHECK(written(R"({"val":1,"lc":5})", &old).lc == 5);
}

TEST_CASE("small times are seconds") {
  CHECK(written(R"({"val":1,"ts":1600000000})").ts == 1600000000000);
  CHECK(written(R"({"val":1,"ts":946681200000})").ts == 946681200000);
}

TEST_CASE("the client chooses from, never user; a comment is cut at 512") {
  auto aut = written(R"({"val":1,"from":"script","user":"system.user.root","c":")"
                     + std::string(600, 'x') + "\"}");
  CHECK(aut.from == "script");
  CHECK(aut.user == client.user);
  CHECK(aut.c.size() == comment_units_max);
  CHECK(written(R"({"val":1,"from":""})").from == client.from);
  CHECK(written(R"({"val":1,"c":"x)" +
                [] {
                  std::string result;
                  for (auto i = 0; i < 300; ++i)
                    result += "\U0001F600";
                  return result;
                }()
                + "\"}")
          .c.size()
        == 1 + 255 * 4);
}

TEST_CASE("a wrong state is refused with the text of the reference") {
  CHECK(refused("{}") == "The state contains no properties! At least one property is expected!");
  CHECK(refused(R"({"val":1,"foo":2})") == "The state contains the forbidden properties foo!");
  CHECK(refused(R"({"foo":1,"bar":2})") == "The state contains the forbidden properties foo, bar!");
  CHECK(refused(R"({"ack":"true"})")
        == "The state property \"ack\" has the wrong type \"string\" (should be \"boolean\")!");
  CHECK(refused(R"({"ack":null})")
        == "The state property \"ack\" has the wrong type \"object\" (should be \"boolean\")!");
  CHECK(refused(R"({"val":1,"expire":5})") == "The state property \"expire\" is not supported!");
  CHECK(refused(R"({"val":1,"q":-1})") == "The state property \"q\" is out of range!");
  CHECK(refused(R"({"val":1,"ts":1e300})") == "The state property \"ts\" is out of range!");
}

TEST_CASE("a step rounds numbers and nothing else") {
  CHECK(written("21.34", nullptr, 0.5).val == 21.5);
  CHECK(written("0.30000000000000004", nullptr, 0.1).val == 0.3);
  CHECK(written("7", nullptr, 5).val == 5);
  CHECK(written("7", nullptr, 5).val.is_int64());
  CHECK(written("-7.6", nullptr, 5).val.to_number<double>() == -10);
  CHECK(written("\"x\"", nullptr, 5).val == "x");
  CHECK(rounded(1e308, 1e-308) == 1e308);
}

TEST_CASE("clients see a state as the reference writes it") {
  auto aut = written(R"({"val":"a\"b","ack":true,"c":"x"})");
  std::string text;
  append_json(text, aut);
  CHECK(
    text
    == R"({"val":"a\"b","ack":true,"ts":1700000000000,"q":0,"c":"x","from":"system.adapter.hub.0",)"
       R"("user":"system.user.admin","lc":1700000000000})");
  CHECK(json::parse(text) == json::value(to_json(aut)));
}
