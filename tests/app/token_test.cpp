#include "app/token.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include <stdlib.h>

using namespace atrium;
using namespace atrium::app;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

struct token_fixture {
  token_fixture() {
    auto name = (fs::temp_directory_path() / "atrium-token-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    settings.data = (folder / "data").string();
    settings.listen = {"0.0.0.0", 8080};
  }

  ~token_fixture() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  fs::path folder;
  config::options settings;
};

} // namespace

TEST_CASE_METHOD(token_fixture, "beyond loopback a token is made once and then kept") {
  auto first = obtain_token(settings);
  REQUIRE(first.has_value());
  CHECK(first->value.size() == 43);
  CHECK(first->value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_")
        == std::string::npos);
  CHECK(first->made_in == fs::path{settings.data} / "token");
  auto readers = fs::status(first->made_in).permissions() & fs::perms::all;
  CHECK(readers == (fs::perms::owner_read | fs::perms::owner_write));

  auto second = obtain_token(settings);
  REQUIRE(second.has_value());
  CHECK(second->value == first->value);
  CHECK(second->made_in.empty());
}

TEST_CASE_METHOD(token_fixture, "two hubs make different tokens") {
  auto first = obtain_token(settings);
  settings.data += "2";
  CHECK(obtain_token(settings)->value != first->value);
}

TEST_CASE_METHOD(token_fixture, "on loopback, and with auth off, no token is asked for") {
  settings.listen.address = "127.0.0.1";
  CHECK(obtain_token(settings)->value.empty());
  settings.listen.address = "0.0.0.0";
  settings.access.auth = config::access_options::auth_type::off;
  CHECK(obtain_token(settings)->value.empty());
  CHECK_FALSE(fs::exists(settings.data));
}

TEST_CASE_METHOD(token_fixture, "a configured token is asked for even on loopback") {
  settings.listen.address = "127.0.0.1";
  settings.access.token = "abc";
  CHECK(obtain_token(settings)->value == "abc");
}

TEST_CASE_METHOD(token_fixture, "a token file is read without its line end") {
  settings.access.token_file = (folder / "secret").string();
  CHECK_FALSE(obtain_token(settings).has_value());
  std::ofstream{folder / "secret"} << "\n";
  CHECK_FALSE(obtain_token(settings).has_value());
  std::ofstream{folder / "secret"} << "abc\n";
  CHECK(obtain_token(settings)->value == "abc");
}

TEST_CASE_METHOD(token_fixture, "a data folder that cannot be written is an error") {
  std::ofstream{settings.data} << "a file, not a folder";
  CHECK_FALSE(obtain_token(settings).has_value());
}

TEST_CASE("the usage of a token shows a URL, a header and the client's call") {
  config::options settings;
  settings.listen = {"0.0.0.0", 8080};
  auto text = usage_of({"abc", "/data/token"}, settings);
  CHECK_THAT(text, Contains("http://127.0.0.1:8080/?token=abc")
                     && Contains("Authorization: Bearer abc")
                     && Contains("{ query: { token: \"abc\" } }") && Contains("/data/token"));
  settings.tls.certificate_file = "hub.pem";
  CHECK_THAT(usage_of({"abc", "/data/token"}, settings),
             Contains("https://127.0.0.1:8080/?token=abc"));
}
