#include "schema/binary_assembler.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

auto add(binary_assembler& aut, std::string_view text) {
  auto packet = decode_socket_packet(text);
  REQUIRE(packet.has_value());
  return aut.add_packet(std::move(*packet));
}

/// Gives a header whose attachments are "0", "1" and so on, and returns what the last one gave.
result<std::optional<assembled_packet>> assemble(std::string_view text) {
  binary_assembler aut;
  REQUIRE(add(aut, text).has_value());
  for (auto i = 0; aut.pending(); ++i) {
    auto out = aut.add_binary(std::to_string(i));
    if (! aut.pending())
      return out;
    REQUIRE(out.has_value());
    REQUIRE_FALSE(out->has_value());
  }
  return errc::cancelled;
}

} // namespace

TEST_CASE("a packet without attachments comes back at once") {
  binary_assembler aut;
  auto out = add(aut, R"(2["ev"])");
  REQUIRE(out.has_value());
  REQUIRE(out->has_value());
  CHECK((*out)->packet.data == json::value(json::array{"ev"}));
  CHECK_FALSE(aut.pending());
}

TEST_CASE("a binary packet comes back with its last attachment") {
  binary_assembler aut;
  auto header
    = add(aut, R"(52-/nsp,9["ev",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]])");
  REQUIRE(header.has_value());
  CHECK_FALSE(header->has_value());
  CHECK(aut.pending());
  CHECK_FALSE(aut.add_binary("first")->has_value());
  auto out = aut.add_binary("");
  REQUIRE(out.has_value());
  REQUIRE(out->has_value());
  CHECK((*out)->packet.type == socket_packet_type::binary_event);
  CHECK((*out)->packet.nsp == "/nsp");
  CHECK((*out)->packet.id == 9U);
  CHECK((*out)->packet.has_data);
  CHECK((*out)->attachments == std::vector<std::string>{"first", ""});
  CHECK_FALSE(aut.pending());
}

TEST_CASE("one assembler serves packet after packet") {
  binary_assembler aut;
  for (auto i = 0; i < 3; ++i) {
    REQUIRE(add(aut, R"(51-["ev",{"_placeholder":true,"num":0}])").has_value());
    CHECK(aut.add_binary("x")->value().attachments.size() == 1);
    CHECK(add(aut, R"(2["ev"])")->has_value());
  }
}

TEST_CASE("a text packet while attachments are awaited is an error") {
  binary_assembler aut;
  REQUIRE(add(aut, R"(51-["ev"])").has_value());
  CHECK(add(aut, R"(2["ev"])").error() == errc::malformed);
  CHECK(add(aut, R"(51-["ev"])").error() == errc::malformed);
}

TEST_CASE("a binary message without a header is an error") {
  binary_assembler aut;
  CHECK(aut.add_binary("x").error() == errc::malformed);
  REQUIRE(add(aut, R"(51-["ev"])").has_value());
  REQUIRE(aut.add_binary("x").has_value());
  CHECK(aut.add_binary("y").error() == errc::malformed);
}

TEST_CASE("attachments may be used twice or not at all") {
  CHECK(assemble(R"(52-["ev",{"_placeholder":true,"num":1},{"_placeholder":true,"num":1}])")
          .has_value());
  CHECK(assemble(R"(62-1[])").has_value());
  CHECK(assemble(R"(51-["ev",{"_placeholder":true,"num":0.0}])").has_value());
}

TEST_CASE("placeholders that refer to no attachment are illegal") {
  for (auto num :
       {"1", "-1", "0.5", "\"0\"", "null", "true", "{}", "1e99", "18446744073709551615"}) {
    CAPTURE(num);
    auto placeholder = R"({"_placeholder":true,"num":)" + std::string{num} + "}";
    CHECK(assemble(R"(51-["ev",)" + placeholder + "]").error() == errc::malformed);
    CHECK(assemble(R"(51-["ev",{"a":[[)" + placeholder + "]]}]").error() == errc::malformed);
  }
  CHECK(assemble(R"(51-["ev",{"_placeholder":true}])").error() == errc::malformed);
}

TEST_CASE("only a _placeholder that is exactly true counts") {
  CHECK(assemble(R"(51-["ev",{"_placeholder":1,"num":9},{"_placeholder":"true","num":9}])")
          .has_value());
  CHECK(assemble(R"(51-["ev",{"_placeholder":false,"num":9},{"num":9}])").has_value());
}

TEST_CASE("attachments are limited together in bytes") {
  auto aut = binary_assembler{10};
  REQUIRE(add(aut, R"(53-["ev"])").has_value());
  CHECK(aut.add_binary("12345").has_value());
  CHECK(aut.add_binary("67890").has_value());
  CHECK(aut.add_binary("x").error() == errc::limit_exceeded);
}

TEST_CASE("a waiting packet outlives the arena it was decoded in") {
  binary_assembler aut;
  {
    auto arena = json::monotonic_resource{};
    auto packet
      = decode_socket_packet(R"(51-["a name longer than a small string",[1,2]])", {}, &arena);
    REQUIRE(aut.add_packet(std::move(*packet)).has_value());
  }
  auto out = aut.add_binary("x");
  REQUIRE(out.has_value());
  CHECK((*out)->packet.data.as_array()[0] == "a name longer than a small string");
}
