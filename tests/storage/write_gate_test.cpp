#include "storage/write_gate.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using atrium::storage::write_gate;

TEST_CASE("one at a time passes the gate") {
  auto aut = write_gate{};
  auto inside = 0;
  auto passes = 0;
  auto work = [&](write_gate::urgency how) {
    for (auto n = 0; n < 2'000; ++n) {
      auto pass = write_gate::pass{aut, how};
      if (++inside == 1)
        ++passes;
      --inside;
    }
  };
  auto journal = std::thread{[&] { work(write_gate::urgency::journal); }};
  auto folder = std::thread{[&] { work(write_gate::urgency::background); }};
  journal.join();
  folder.join();
  CHECK(passes == 4'000);
}

TEST_CASE("the journal goes before a folder that comes back at once") {
  auto aut = write_gate{};
  auto done = std::atomic<bool>{false};
  auto folder = std::thread{[&] {
    while (! done)
      auto pass = write_gate::pass{aut, write_gate::urgency::background};
  }};
  for (auto n = 0; n < 1'000; ++n)
    auto pass = write_gate::pass{aut, write_gate::urgency::journal};
  done = true;
  folder.join();
  SUCCEED("the journal passed a thousand times");
}
