#include "actors/packet_log.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t run = 5;

struct fixture {
  void append(std::uint64_t number, epoch_ms time, std::size_t bytes = 1) {
    auto what = std::make_shared<frame>();
    what->head.bytes.assign(bytes, 'x');
    aut.append({0, {run, number}, time, what, {}, {}, std::nullopt});
  }

  /// Where a client goes on that was sure to have got everything before `sure`.
  std::optional<packet_log::position> resume(std::uint64_t number, epoch_ms sure) const {
    return aut.resume(packet_offset{run, number}, 1, sure);
  }

  packet_log aut{{100ms, 3, 100'000}, {}, {}, run};
};

} // namespace

TEST_CASE_METHOD(fixture, "a client goes on behind what it got last, in the order of the log") {
  append(2, 10); // two emitters: the first to be numbered comes second
  append(1, 10);
  append(3, 10);
  CHECK(resume(2, 0) == 2);
  CHECK(resume(1, 0) == 3);
  CHECK(resume(3, 0) == 4);
  CHECK(aut.at(2).offset == packet_offset{run, 1});
}

TEST_CASE_METHOD(fixture, "a client that got nothing goes on where its session began") {
  append(1, 10);
  append(2, 10);
  CHECK(aut.resume(std::nullopt, 2, 0) == 2);
  CHECK(aut.resume(std::nullopt, 3, 0) == 3);
}

TEST_CASE_METHOD(fixture, "an offset that was never given away is refused") {
  append(1, 10);
  CHECK_FALSE(resume(2, 0));
  CHECK_FALSE(aut.resume(packet_offset{run + 1, 1}, 1, 0));
}

TEST_CASE_METHOD(fixture, "what a client got last may be too old, for the rest is there") {
  append(1, 10);
  append(2, 200);
  CHECK(aut.first() == 2);
  CHECK(resume(1, 150) == 2);
  CHECK(aut.resume(std::nullopt, 1, 150) == 2);
  append(3, 500);
  aut.expire(1000);
  CHECK(aut.first() == 4);
  CHECK(resume(1, 900) == 4);
  CHECK(resume(3, 900) == 4);
  CHECK_FALSE(resume(4, 900));
}

TEST_CASE_METHOD(fixture, "what was dropped for want of room may have been missed") {
  for (std::uint64_t i = 1; i <= 5; ++i)
    append(i, static_cast<epoch_ms>(10 * i));
  CHECK(aut.first() == 3);
  CHECK_FALSE(resume(1, 20)); // the second, of 20, may be what it missed
  CHECK(resume(1, 21) == 3);
  CHECK_FALSE(aut.resume(std::nullopt, 1, 20));
  CHECK(resume(3, 0) == 4);
}

TEST_CASE_METHOD(fixture, "bytes are bounded, too, but the newest packet is kept") {
  append(1, 10, 60'000);
  append(2, 10, 60'000);
  CHECK(aut.first() == 2);
  append(3, 10, 200'000);
  CHECK(aut.first() == 3);
  CHECK(aut.next() == 4);
}

TEST_CASE_METHOD(fixture, "the next run goes on where the last one ended") {
  append(1, 10);
  append(2, 150);
  append(3, 160);
  storage::log_marks marks = aut.marks();
  std::vector<storage::logged_packet_ptr> kept;
  for (auto i = aut.first(); i < aut.next(); ++i)
    kept.push_back(std::make_shared<const storage::logged_packet>(aut.at(i)));
  packet_log next{{100ms, 3, 100'000}, marks, kept, run + 1};
  CHECK(next.next() == 4);
  CHECK(next.resume(packet_offset{run, 2}, 1, 0) == 3);
  CHECK(next.resume(packet_offset{run, 1}, 1, 100) == 2);
  CHECK_FALSE(next.resume(packet_offset{run, 4}, 1, 100)); // lost with the process
}
