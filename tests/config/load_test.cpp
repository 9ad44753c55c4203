#include <catch2/catch.hpp>

#include "sources.hpp"

using namespace atrium;
using namespace atrium::config;
using Catch::Matchers::Contains;

namespace {

load_result load_environment(std::string name, std::string value) {
  return load({.environment = {{std::move(name), std::move(value)}}});
}

} // namespace

TEST_CASE("without any source every key has its default") {
  auto aut = load({});
  REQUIRE(aut.has_value());
  CHECK(aut->values == options{});
  CHECK(aut->warnings.empty());
}

TEST_CASE("a file sets keys of each kind") {
  auto aut = load_text(R"(
    listen = "[::1]:9000"
    workers = 3
    auth = "off"
    allowed_origins = ["https://a.example", "http://b.example:81"]
    [log]
    level = "debug"
    [socketio]
    allow_upgrades = false
    [journal]
    publish = "immediately"
    synchronous = "full"
  )");
  CHECK(messages(aut).empty());
  REQUIRE(aut.has_value());
  auto& values = aut->values;
  CHECK(values.listen == endpoint{"::1", 9000});
  CHECK(values.workers == 3);
  CHECK(values.access.auth == access_options::auth_type::off);
  CHECK(values.access.allowed_origins.size() == 2);
  CHECK(values.log.level == log::level::debug);
  CHECK_FALSE(values.socketio.allow_upgrades);
  CHECK(values.journal.publish == journal_options::publish_type::immediately);
  CHECK(values.journal.synchronous == journal_options::synchronous_type::full);
}

TEST_CASE("an adapter keeps its settings whatever they are, and gets a name") {
  auto aut = load_text(R"(
    [[adapters]]
    type = "demo"
    settings = { rooms = ["a", "b"], interval_ms = 10, deep = { x = 1.5, y = true } }
    [[adapters]]
    type = "demo"
    name = "demo.7"
  )");
  CHECK(messages(aut).empty());
  REQUIRE(aut.has_value());
  auto& adapters = aut->values.adapters;
  REQUIRE(adapters.size() == 2);
  CHECK(adapters[0].name == "demo.0");
  CHECK(json::value(adapters[0].settings)
        == json::parse(R"({"rooms":["a","b"],"interval_ms":10,"deep":{"x":1.5,"y":true}})"));
  CHECK(adapters[1].name == "demo.7");
}

TEST_CASE("the command line wins over the environment, which wins over the file") {
  temporary_file file{"workers = 1\ndata = \"from-file\"\n[stop]\nclients_ms = 10\n"};
  auto aut = load({.file = file.path(),
                   .environment = {{"ATRIUM_WORKERS", "2"}, {"ATRIUM_STOP_CLIENTS_MS", "20"}},
                   .command_line = {{"--workers", "workers", "3"}}});
  CHECK(messages(aut).empty());
  REQUIRE(aut.has_value());
  CHECK(aut->values.workers == 3);
  CHECK(aut->values.stop.clients_ms == 20);
  CHECK(aut->values.data == "from-file");
}

TEST_CASE("lists and adapters can come from the environment") {
  auto lists = load_environment("ATRIUM_ALLOWED_ORIGINS", "https://a.example,https://b.example");
  REQUIRE(lists.has_value());
  CHECK(lists->values.access.allowed_origins
        == std::vector<std::string>{"https://a.example", "https://b.example"});

  auto adapters = load_environment("ATRIUM_ADAPTERS", R"([{type = "demo", name = "demo.3"}])");
  REQUIRE(adapters.has_value());
  REQUIRE(adapters->values.adapters.size() == 1);
  CHECK(adapters->values.adapters[0].name == "demo.3");
}

TEST_CASE("variables that resemble no key are reported, but do no harm") {
  auto aut = load_environment("ATRIUM_SERVICE_HOST", "10.0.0.1");
  REQUIRE(aut.has_value());
  REQUIRE(aut->warnings.size() == 1);
  CHECK_THAT(to_string(aut->warnings[0]), Contains("ATRIUM_SERVICE_HOST"));
  CHECK(load_environment("HOME", "/")->warnings.empty());
}

TEST_CASE("a wrong variable is named") {
  CHECK(messages(load_environment("ATRIUM_WORKERS", "many"))
        == "ATRIUM_WORKERS: workers: must be a whole number from 0 to 256, not \"many\"\n");
  CHECK(messages(load_environment("ATRIUM_WORKER", "1"))
        == "ATRIUM_WORKER: unknown variable; did you mean ATRIUM_WORKERS?\n");
  CHECK_THAT(messages(load_environment("ATRIUM_JOURNAL_COLOUR", "1")),
             Contains("ATRIUM_JOURNAL_COLOUR: unknown variable"));
  CHECK_THAT(messages(load_environment("ATRIUM_ADAPTERS", "[{")), Contains("ATRIUM_ADAPTERS: "));
}

TEST_CASE("a wrong option is named") {
  auto aut = load({.command_line = {{"--listen", "listen", "nowhere"}}});
  CHECK(messages(aut)
        == "--listen: listen: must be \"ADDRESS:PORT\" with an IP address, as in "
           "\"127.0.0.1:8080\", not \"nowhere\"\n");
}

TEST_CASE("a file that cannot be read is named") {
  auto aut = load({.file = "no/such/file.toml"});
  CHECK(messages(aut) == "no/such/file.toml: cannot be read: No such file or directory\n");
  CHECK_THAT(messages(load({.file = "/"})), Contains("/: cannot be read"));
}
