#include "app/program.hpp"

#include <catch2/catch.hpp>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <stdlib.h>

using atrium::app::run;
using Catch::Matchers::Contains;

namespace {

/// Runs the program and keeps what it prints.
struct outcome {
  explicit outcome(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "atrium");
    std::ostringstream out_text;
    std::ostringstream err_text;
    auto* out_before = std::cout.rdbuf(out_text.rdbuf());
    auto* err_before = std::cerr.rdbuf(err_text.rdbuf());
    status = run(static_cast<int>(arguments.size()), arguments.data());
    std::cout.rdbuf(out_before);
    std::cerr.rdbuf(err_before);
    out = out_text.str();
    err = err_text.str();
  }

  int status;
  std::string out;
  std::string err;
};

} // namespace

TEST_CASE("check accepts the default file") {
  outcome aut{{"check", "--config", ATRIUM_SOURCE_DIR "/config/atrium.toml"}};
  CHECK(aut.status == 0);
  CHECK_THAT(aut.out, Contains("atrium.toml: no problems"));
}

TEST_CASE("check names what is wrong and fails with 2") {
  outcome aut{{"check", "--listen", "nowhere"}};
  CHECK(aut.status == 2);
  CHECK_THAT(aut.err, Contains("error: --listen: listen: must be"));
}

TEST_CASE("serve does not start with a wrong configuration") {
  outcome aut{{"serve", "--config", "no/such/file.toml"}};
  CHECK(aut.status == 2);
  CHECK_THAT(aut.err, Contains("no/such/file.toml: cannot be read"));
}

TEST_CASE("schema prints a JSON Schema") {
  outcome aut{{"schema"}};
  CHECK(aut.status == 0);
  CHECK_THAT(aut.out, Contains("\"ping_interval_ms\""));
}

TEST_CASE("check knows which adapters there are") {
  CHECK(outcome{{"check", "--config", ATRIUM_SOURCE_DIR "/config/demo.toml"}}.status == 0);
  ::setenv("ATRIUM_ADAPTERS", R"([{type = "dmeo"}])", 1);
  outcome aut{{"check"}};
  ::unsetenv("ATRIUM_ADAPTERS");
  CHECK(aut.status == 2);
  CHECK_THAT(aut.err, Contains("no adapter of type \"dmeo\"; did you mean \"demo\"?"));
}
