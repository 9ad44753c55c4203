#include "schema/packet_offset.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace atrium;

TEST_CASE("an offset survives its text") {
  auto most = std::numeric_limits<std::uint64_t>::max();
  for (auto x :
       {packet_offset{1, 1}, packet_offset{1'700'000'000'000, 35}, packet_offset{most, most}})
    CHECK(parse_packet_offset(to_string(x)) == x);
}

TEST_CASE("what is no offset is not taken for one") {
  for (auto* x : {"", ".", "1", "1.", ".1", "1.0", "1.1.1", "1.1 ", "-1.1", "hello", "a b.c",
                  "1.zzzzzzzzzzzzzzzzzzzz"})
    CHECK_FALSE(parse_packet_offset(x));
}

TEST_CASE("a run gives away each offset once") {
  packet_offsets aut{7};
  CHECK(aut.next() == packet_offset{7, 1});
  CHECK(aut.next() == packet_offset{7, 2});
}
