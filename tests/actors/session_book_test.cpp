#include "actors/session_book.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

using pids = std::vector<std::string>;

struct fixture {
  session_book::session& lose(const std::string& pid, session_book::slot where, epoch_ms when,
                              std::vector<storage::saved_topic> watches = {}) {
    auto& x = aut.open(pid, 1, where);
    x.kept.watches = std::move(watches);
    aut.close(x, when);
    return x;
  }

  pids expire(epoch_ms before, std::size_t most) {
    pids result;
    aut.expire(before, most, [&](std::string x) { result.push_back(std::move(x)); });
    return result;
  }

  session_book aut{{}};
};

} // namespace

TEST_CASE_METHOD(fixture, "a session is found by its pid, and by its slot while it has one") {
  auto& ann = aut.open("ann", 3, 7);
  CHECK(aut.find("ann") == &ann);
  CHECK(aut.at(7) == &ann);
  CHECK(aut.at(8) == nullptr);
  CHECK_FALSE(ann.away());
  aut.close(ann, 10);
  CHECK(aut.at(7) == nullptr);
  CHECK(ann.away());
  aut.reopen(ann, 9);
  CHECK(aut.at(9) == &ann);
  CHECK(aut.away() == 0);
  aut.erase(ann);
  CHECK(aut.find("ann") == nullptr);
  CHECK(aut.at(9) == nullptr);
}

TEST_CASE_METHOD(fixture,
                 "sessions expire, the oldest first, but not those whose client is there") {
  lose("ann", 1, 10);
  lose("bob", 2, 20);
  lose("cid", 3, 30);
  aut.open("dan", 1, 4);
  CHECK(expire(15, 9) == pids{"ann"});
  CHECK(expire(15, 1) == pids{"bob"});
  CHECK(expire(99, 9) == pids{"cid"});
  CHECK(aut.find("dan") != nullptr);
  CHECK(aut.bytes() == 0);
}

TEST_CASE_METHOD(fixture, "topics are watched while a client that watches them is away") {
  auto& ann = lose("ann", 1, 10, {{0, "demo.*"}, {1, "x"}});
  lose("bob", 2, 10, {{0, "demo.*"}});
  CHECK(aut.watched(topic_channel::states, "demo.0.lamp"));
  CHECK_FALSE(aut.watched(topic_channel::states, "x"));
  CHECK(aut.watched(topic_channel::objects, "x"));
  aut.reopen(ann, 3);
  CHECK(aut.watched(topic_channel::states, "demo.0.lamp"));
  CHECK_FALSE(aut.watched(topic_channel::objects, "x"));
  expire(99, 9);
  CHECK_FALSE(aut.watched(topic_channel::states, "demo.0.lamp"));
}
