#include "schema/base64.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace atrium;

namespace {

std::string encoded(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

} // namespace

TEST_CASE("base64 gives the vectors of RFC 4648") {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(encoded(bytes) == text);
    CHECK(base64_length(bytes.size()) == text.size());
    std::string out = "old";
    REQUIRE(decode_base64(out, text));
    CHECK(out == bytes);
  }
}

TEST_CASE("base64 uses plus and slash and appends") {
  std::string out = "b";
  append_base64(out, "\xfb\xff\xfe");
  CHECK(out == "b+//+");
}

TEST_CASE("base64 returns the bytes it was given, whatever they are") {
  std::string bytes;
  for (auto i = 0; i < 1000; ++i) {
    std::string out;
    REQUIRE(decode_base64(out, encoded(bytes)));
    REQUIRE(out == bytes);
    bytes.push_back(static_cast<char>(i * 131 + (i >> 3)));
  }
}

TEST_CASE("base64 with foreign characters, bad padding or unused bits is malformed") {
  for (auto text : {"Z", "Zg", "Zg=", "Zm9vYg", "=", "====", "Z===", "Zg==Zg==", "Zm=v", "Zm9-",
                    "Zm9_", "Zm 9", "Zm9v\n", "Zh==", "Zm9=", "Z\xff==", "Zg=\xff"}) {
    std::string out;
    auto decoded = decode_base64(out, text);
    REQUIRE(decoded.has_error());
    CHECK(decoded.error() == errc::malformed);
  }
}
