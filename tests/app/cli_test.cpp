#include "app/cli.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace atrium::app;
using Catch::Matchers::Contains;

namespace {

auto parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "atrium");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

early_exit exit_of(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  REQUIRE(std::holds_alternative<early_exit>(parsed));
  return std::get<early_exit>(parsed);
}

} // namespace

TEST_CASE("serve takes a file and settings") {
  auto parsed = parse({"serve", "--config", "a.toml", "--listen", "0.0.0.0:1", "--data=d",
                       "--workers", "2", "--log-level", "debug", "--log-format", "json"});
  REQUIRE(std::holds_alternative<command_line>(parsed));
  auto& aut = std::get<command_line>(parsed);
  CHECK(aut.command == command_line::command_type::serve);
  CHECK(aut.from.file == "a.toml");
  auto loaded = atrium::config::load({.command_line = aut.from.command_line});
  REQUIRE(loaded.has_value());
  CHECK(loaded->values.listen == atrium::config::endpoint{"0.0.0.0", 1});
  CHECK(loaded->values.data == "d");
  CHECK(loaded->values.workers == 2);
  CHECK(loaded->values.log.level == atrium::log::level::debug);
  CHECK(loaded->values.log.format == atrium::config::log_options::format_type::json);
}

TEST_CASE("check and healthcheck are commands too") {
  auto check = parse({"check", "-c", "a.toml"});
  CHECK(std::get<command_line>(check).command == command_line::command_type::check);
  auto health = parse({"healthcheck", "--listen", "127.0.0.1:1"});
  CHECK(std::get<command_line>(health).command == command_line::command_type::healthcheck);
}

TEST_CASE("help and version go to stdout and succeed") {
  auto help = exit_of({"--help"});
  CHECK(help.status == 0);
  CHECK_THAT(help.out, Contains("serve") && Contains("check") && Contains("healthcheck"));
  CHECK(exit_of({"--version"}).out.starts_with("atrium 0."));
  CHECK_THAT(exit_of({"serve", "--help"}).out, Contains("--listen") && Contains("ATRIUM_CONFIG"));
}

TEST_CASE("a wrong command line says so on stderr and fails with 2") {
  auto arguments = GENERATE(std::vector<const char*>{}, std::vector<const char*>{"sevre"},
                            std::vector<const char*>{"serve", "--lisen", "x"},
                            std::vector<const char*>{"serve", "--listen"});
  auto aut = exit_of(arguments);
  CHECK(aut.status == 2);
  CHECK_FALSE(aut.err.empty());
}
