#include "config/field.hpp"
#include "config/json_schema.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "sources.hpp"

using namespace atrium::config;

namespace {

const auto folder = std::filesystem::path{ATRIUM_SOURCE_DIR} / "config";

std::string text_of(const char* name) {
  std::ifstream in{folder / name};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("the default file sets every key, to its default") {
  auto aut = load({.file = folder / "atrium.toml"});
  CHECK(messages(aut).empty());
  REQUIRE(aut.has_value());
  CHECK(aut->values == options{});

  auto text = text_of("atrium.toml");
  options defaults;
  for (const auto& field : fields_of(defaults)) {
    CAPTURE(field.key);
    auto name = std::string{field.key.substr(field.key.rfind('.') + 1)};
    CHECK(text.find("\n" + name + " = ") != std::string::npos);
  }
  CHECK(text.find("[[adapters]]") != std::string::npos);
}

TEST_CASE("the schema file is what the program prints") {
  auto aut = atrium::json::parse(text_of("atrium.schema.json"));
  CHECK(aut == atrium::json::value(json_schema()));
  auto& socketio = aut.at("properties").at("socketio").at("properties");
  CHECK(socketio.at("ping_interval_ms").at("default") == 25'000);
}

TEST_CASE("the demo file starts the demo adapter") {
  auto aut = load({.file = folder / "demo.toml", .adapter_types = {"demo"}});
  CHECK(messages(aut).empty());
  REQUIRE(aut.has_value());
  REQUIRE(aut->values.adapters.size() == 1);
  CHECK(aut->values.adapters[0].name == "demo.0");
}

TEST_CASE("every default obeys its own rule") {
  options defaults;
  for (const auto& field : fields_of(defaults)) {
    CAPTURE(field.key);
    if (std::holds_alternative<number_target>(field.target)) {
      auto present = value_of(field).to_number<std::int64_t>();
      CHECK(assign(field, present) == "");
    }
  }
}

TEST_CASE("each key has an environment variable of its own") {
  options defaults;
  std::vector<std::string> names;
  for (const auto& field : fields_of(defaults))
    names.push_back(environment_name(field.key));
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  CHECK(environment_name("socketio.ping_interval_ms") == "ATRIUM_SOCKETIO_PING_INTERVAL_MS");
}
