#include "app/log_sink.hpp"
#include "schema/json.hpp"

#include <catch2/catch.hpp>

#include <sstream>

#include <spdlog/sinks/ostream_sink.h>

using namespace atrium;
using namespace atrium::app;
using Catch::Matchers::Matches;
using format_type = config::log_options::format_type;

namespace {

std::string written(format_type format, std::string_view text, log::fields extra) {
  std::ostringstream out;
  log_sink aut{format, std::make_shared<spdlog::sinks::ostream_sink_mt>(out)};
  aut.write({log::level::warn, "some-event", text, {extra.begin(), extra.size()}});
  return out.str();
}

} // namespace

TEST_CASE("a line of text has time, level, event, text and fields") {
  CHECK_THAT(written(format_type::text, "some {} %v text", {{"n", 1}, {"name", "a b"}}),
             Matches(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d )"
                     R"(warn some-event some \{\} %v text n=1 name="a b")"
                     "\n"));
}

TEST_CASE("a line of JSON is one object") {
  auto line = written(format_type::json, "two\nlines", {{"n", 1}});
  CHECK(line.find('\n') == line.size() - 1);
  auto parsed = json::parse(line.substr(0, line.size() - 1)).as_object();
  CHECK(parsed.at("level") == "warn");
  CHECK(parsed.at("event") == "some-event");
  CHECK(parsed.at("text") == "two\nlines");
  CHECK(parsed.at("n") == 1);
  CHECK(parsed.at("time").as_string().size() == 29);
}
