#include "net/engine/rate_limit.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace std::chrono_literals;
using net::engine::rate_limit;

namespace {

const net::engine::clock::time_point start{std::chrono::hours{1}};

} // namespace

TEST_CASE("without a limit nothing is ever owed") {
  rate_limit aut{{}, start};
  CHECK_FALSE(aut.take(std::size_t{1} << 40, std::size_t{1} << 50));
  CHECK(aut.wait(start) == 0ns);
}

TEST_CASE("a second's worth may come at once, the next packet is owed") {
  rate_limit aut{{10, 0}, start};
  for (auto i = 0; i < 10; ++i)
    CHECK_FALSE(aut.take(1, 1'000'000));
  CHECK(aut.take(1, 0));
  CHECK(aut.wait(start) == 100ms);
  CHECK(aut.packets_rule());
}

TEST_CASE("bytes are owed for as long as they are worth, however small their number") {
  rate_limit aut{{10, 1000}, start};
  CHECK(aut.take(1, 3000));
  CHECK(aut.wait(start) == 2s);
  CHECK_FALSE(aut.packets_rule());
}

TEST_CASE("what time brought in is credited, up to a second's worth") {
  rate_limit aut{{10, 0}, start};
  CHECK(aut.take(11, 0));
  CHECK(aut.wait(start + 50ms) == 50ms);
  CHECK(aut.wait(start + 100ms) == 0ns);
  CHECK(aut.take(1, 0));
  CHECK(aut.wait(start + 1h) == 0ns);
  CHECK_FALSE(aut.take(10, 0));
  CHECK(aut.take(1, 0));
}
