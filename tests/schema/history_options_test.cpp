#include "schema/history_options.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

constexpr epoch_ms now = 1'700'000'000'000;

checked<history_query> parsed(std::string_view text) {
  return parse_history_options("a", json::parse({text.data(), text.size()}), now);
}

} // namespace

TEST_CASE("a history query without options is the last week") {
  for (auto text : {"null", "\"history.0\"", "{}"}) {
    auto aut = parsed(text).value();
    CHECK(aut.start == now - 7 * 24 * 3600 * 1000);
    CHECK(aut.end == now + 5'000'000);
    CHECK(aut.values_max() == history_limit_default);
    CHECK_FALSE(aut.newest());
  }
}

TEST_CASE("a count without a start means the newest values") {
  auto aut = parsed(R"({"count":5})").value();
  CHECK_FALSE(aut.start);
  CHECK(aut.newest());
  CHECK(aut.values_max() == 5);
}

TEST_CASE("times are swapped when they are the wrong way round") {
  auto aut
    = parsed(R"({"start":2000,"end":1000,"ack":true,"q":1,"from":false,"addId":true})").value();
  CHECK(aut.start == 1000);
  CHECK(aut.end == 2000);
  CHECK(aut.ack);
  CHECK(aut.q);
  CHECK_FALSE(aut.from);
  CHECK(aut.add_id);
}

TEST_CASE("dates are read in UTC") {
  CHECK(parse_time("1970-01-02") == 86'400'000);
  CHECK(parse_time("1970-01-01T00:01:02.250Z") == 62'250);
  CHECK(parse_time("1970-01-01 01:00") == 3'600'000);
  CHECK(parse_time("1500") == 1500);
  for (auto text : {"yesterday", "1970-13-01", "1970-01-01T99:00", "1970-01-01x", ""})
    CHECK_FALSE(parse_time(text));
  CHECK_FALSE(parse_time(1e300));
}

TEST_CASE("senseless options are refused") {
  CHECK(parsed(R"({"aggregate":"fancy"})").error().text == "Unknown aggregate \"fancy\"");
  CHECK(parsed(R"({"count":"many"})").error().code == errc::invalid_query);
  CHECK(parsed(R"({"count":-1})").has_error());
  CHECK(parsed(R"({"start":[]})").has_error());
  CHECK(parsed(R"({"round":1000})").has_error());
  CHECK(parsed("[]").has_error());
  CHECK(parsed(R"({"count":1e99})").value().values_max() == history_values_max);
}

TEST_CASE("values are written with the attributes that were asked for") {
  auto query = parsed(R"({"ack":true,"q":true,"from":true,"addId":true})").value();
  state x;
  x.val = 21.5;
  x.ts = 7;
  x.from = "me";
  std::string text;
  append_json(text, query, {{1, x}, {2, x}});
  CHECK(text
        == R"([{"ts":7,"val":21.5,"ack":false,"q":0,"from":"me","id":"a"},)"
           R"({"ts":7,"val":21.5,"ack":false,"q":0,"from":"me","id":"a"}])");
  text.clear();
  append_json(text, parsed("{}").value(), {});
  CHECK(text == "[]");
}
