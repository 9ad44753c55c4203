#include "storage/recovery_store.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace atrium::storage;

namespace {

constexpr std::chrono::milliseconds age_max{10'000};

frame_ptr some_frame() {
  auto x = std::make_shared<frame>();
  x->head = make_frame_part(R"(451-["m",{"_placeholder":true,"num":0},"1.2"])", false);
  x->attachments.push_back(make_frame_part(std::string{"\0\xff\1", 3}, true));
  x->attachments.push_back(make_frame_part("", true));
  x->compress = false;
  return x;
}

logged_packet packet(std::uint64_t position, epoch_ms time) {
  return {position, {9, 10 * position}, time, some_frame(), {"kitchen", "\"ä\""}, {"me"}, {}};
}

recovery_batch batch() {
  recovery_batch x;
  x.nsp = "/chat";
  x.marks = {7, 33, 44, {{8, 5}, {9, 0}}};
  x.packets = {std::make_shared<const logged_packet>(packet(5, 100)),
               std::make_shared<const logged_packet>(packet(6, 200))};
  x.sessions = {{"p1", "s1", 3, std::nullopt, {"kitchen"}, {{1, "demo.*"}}, R"({"a":1})"},
                {"p2", "s2", 4, 150, {}, {}, ""}};
  return x;
}

struct fixture {
  recovery_store_ptr open() {
    auto x = open_recovery_store(folder.path() / "recovery.db");
    REQUIRE(x.has_value());
    return *x;
  }

  void commit(recovery_store& to, recovery_batch x) {
    const recovery_batch_ptr one = std::make_shared<const recovery_batch>(std::move(x));
    REQUIRE(to.commit(std::span{&one, 1}).has_value());
  }

  saved_namespace reload(epoch_ms now) {
    auto all = open()->load(now, age_max);
    REQUIRE(all.has_value());
    return (*all)["/chat"];
  }

  test::temp_folder folder;
};

} // namespace

TEST_CASE_METHOD(fixture, "what was committed is there at the next start") {
  commit(*open(), batch());
  auto x = reload(200);
  CHECK(x.marks.next == 7);
  CHECK(x.marks.complete_since == 33);
  CHECK(x.marks.published == 44);
  REQUIRE(x.marks.runs.size() == 2);
  CHECK(x.marks.runs[0].run == 8);
  CHECK(x.marks.runs[0].dropped == 5);
  REQUIRE(x.packets.size() == 2);
  auto& first = *x.packets[0];
  CHECK(first.position == 5);
  CHECK(first.offset == packet_offset{9, 50});
  CHECK(first.rooms == std::vector<std::string>{"kitchen", "\"ä\""});
  CHECK(first.except == std::vector<std::string>{"me"});
  CHECK_FALSE(first.topic);
  CHECK(first.what->head.bytes == some_frame()->head.bytes);
  REQUIRE(first.what->attachments.size() == 2);
  CHECK(first.what->attachments[0].payload() == std::string{"\0\xff\1", 3});
  CHECK(first.what->attachments[1].payload().empty());
  CHECK(first.what->attachments[1].binary);
  CHECK_FALSE(first.what->compress);
  REQUIRE(x.sessions.size() == 2);
  CHECK(x.sessions[0].pid == "p2");
  auto& ann = x.sessions[1];
  CHECK(ann.sid == "s1");
  CHECK(ann.since == 3);
  CHECK(ann.rooms == std::vector<std::string>{"kitchen"});
  CHECK(ann.watches == std::vector<saved_topic>{{1, "demo.*"}});
  CHECK(ann.data == R"({"a":1})");
}

TEST_CASE_METHOD(fixture, "time in which nothing ran does not count, once") {
  commit(*open(), batch());
  for (auto now : {epoch_ms{1'000}, epoch_ms{1'000}}) {
    auto x = reload(now);
    CHECK(x.packets[0]->time == 900);
    CHECK(x.packets[1]->time == 1'000);
    CHECK(x.sessions[0].closed == 150);
    CHECK(x.sessions[1].closed == 1'000); // was connected
  }
  CHECK(reload(5'000).sessions[1].closed == 1'000);
}

TEST_CASE_METHOD(fixture, "batches add, replace and remove") {
  auto store = open();
  commit(*store, batch());
  recovery_batch more;
  more.nsp = "/chat";
  more.marks = {8, 0, 0, {}};
  more.first = 6;
  auto watched = packet(7, 200);
  watched.topic = saved_topic{1, "demo.0"};
  more.packets = {std::make_shared<const logged_packet>(watched)};
  more.sessions = {{"p1", "s1", 3, 190, {"hall"}, {}, ""}};
  more.gone = {"p2", "unknown"};
  commit(*store, more);
  store.reset();
  auto x = reload(200);
  REQUIRE(x.packets.size() == 2);
  CHECK(x.packets[0]->position == 6);
  CHECK(x.packets[1]->topic == saved_topic{1, "demo.0"});
  REQUIRE(x.sessions.size() == 1);
  CHECK(x.sessions[0].rooms == std::vector<std::string>{"hall"});
}

TEST_CASE_METHOD(fixture, "a batch may begin anew, and touches no other namespace") {
  auto store = open();
  commit(*store, batch());
  auto other = batch();
  other.nsp = "/other";
  commit(*store, other);
  recovery_batch clear;
  clear.nsp = "/chat";
  clear.clear = true;
  commit(*store, clear);
  store.reset();
  auto all = open()->load(200, age_max);
  REQUIRE(all.has_value());
  CHECK((*all)["/chat"].packets.empty());
  CHECK((*all)["/chat"].sessions.empty());
  CHECK((*all)["/other"].packets.size() == 2);
  CHECK((*all)["/other"].sessions.size() == 2);
}

TEST_CASE_METHOD(fixture, "sessions that are too old go, and with the last one its namespace") {
  commit(*open(), batch());
  CHECK(reload(10'151).sessions.size() == 1);
  recovery_batch more;
  more.nsp = "/chat";
  more.marks = {7, 0, 0, {}};
  more.gone = {"p1"};
  commit(*open(), more);
  auto x = reload(10'151);
  CHECK(x.packets.empty());
  CHECK(x.marks.next == 1);
}

TEST_CASE_METHOD(fixture, "packets before a gap are of no use") {
  auto x = batch();
  x.packets.erase(x.packets.begin());
  x.packets.push_back(std::make_shared<const logged_packet>(packet(4, 100)));
  commit(*open(), x);
  auto kept = reload(200);
  REQUIRE(kept.packets.size() == 1);
  CHECK(kept.packets[0]->position == 6);
  CHECK(kept.marks.complete_since == 200);
}

TEST_CASE_METHOD(fixture, "a second server is kept out of the file") {
  auto store = open();
  auto second = open_recovery_store(folder.path() / "recovery.db");
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == errc::storage_locked);
}
