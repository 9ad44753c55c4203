#include "schema/engine_payload.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace atrium;

namespace {

struct reading {
  std::vector<std::pair<char, std::string>> packets;
  bool failed = false;
};

/// Reads a whole body; a binary message counts as type b.
reading read(std::string_view body) {
  reading out;
  payload_reader aut{body};
  while (auto packet = aut.next())
    out.packets.emplace_back(packet->binary ? 'b' : to_digit(packet->type), packet->data);
  CHECK_FALSE(aut.next().has_value());
  out.failed = aut.failed();
  return out;
}

using packets = std::vector<std::pair<char, std::string>>;

} // namespace

TEST_CASE("the packets of a body are read in order") {
  auto got = read("4hello\x1e"
                  "2\x1e"
                  "4\u20ac\x1e"
                  "bAQID\x1e"
                  "4world");
  CHECK_FALSE(got.failed);
  CHECK(
    got.packets
    == packets{{'4', "hello"}, {'2', ""}, {'4', "\u20ac"}, {'b', "\x01\x02\x03"}, {'4', "world"}});
}

TEST_CASE("one packet alone has no separator") {
  auto got = read("4x");
  CHECK_FALSE(got.failed);
  CHECK(got.packets == packets{{'4', "x"}});
}

TEST_CASE("packets before a bad one are delivered, those behind it are not") {
  for (auto bad : {"abc", "", "7", "bAQ", "4\xff", "4\xc3"}) {
    auto got = read("4one\x1e"
                    "4two\x1e"
                    + std::string{bad}
                    + "\x1e"
                      "4three");
    CHECK(got.failed);
    CHECK(got.packets == packets{{'4', "one"}, {'4', "two"}});
  }
}

TEST_CASE("an empty body and a trailing separator end with an error") {
  CHECK(read("").failed);
  CHECK(read("").packets.empty());
  CHECK(read("\x1e").failed);
  auto trailing = read("4x\x1e");
  CHECK(trailing.failed);
  CHECK(trailing.packets.size() == 1);
}

TEST_CASE("what is appended to a body is what is read from it") {
  std::string body;
  append_to_payload(body, "4hello", false);
  CHECK(body == "4hello");
  append_to_payload(body, std::string_view{"\x00\x1e\xff", 3}, true);
  append_to_payload(body, "", true);
  append_to_payload(body, "6", false);
  CHECK(body
        == "4hello\x1e"
           "bAB7/\x1e"
           "b\x1e"
           "6");
  auto got = read(body);
  CHECK_FALSE(got.failed);
  CHECK(got.packets
        == packets{{'4', "hello"}, {'b', std::string{"\x00\x1e\xff", 3}}, {'b', ""}, {'6', ""}});
}
