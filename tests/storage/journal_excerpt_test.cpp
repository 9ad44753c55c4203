#include "storage/journal_excerpt.hpp"
#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace atrium::storage;
using namespace atrium::test;

namespace {

struct fixture {
  fixture()
    : folder{open_data_folder({temporary.path()}).value()},
      store{folder->open_store().value()} {
    commit(*store, {put("a", 1, 1), put_object("o", R"({"n":1})"), put("a", 2, 2), erase("a"),
                    put_object("o", R"({"n":2})"), erase_object("p")});
  }

  journal_excerpt after(sequence x) const {
    return changes_after(temporary.path(), x).value();
  }

  temp_folder temporary;
  data_folder_ptr folder;
  journal_store_ptr store;
};

} // namespace

TEST_CASE_METHOD(fixture, "the changes behind a sequence come in their order") {
  auto x = after(2);
  CHECK(x.first == 3);
  REQUIRE(x.writes.size() == 4);
  CHECK(x.writes[0] == put("a", 2, 2));
  CHECK(x.writes[1] == erase("a"));
  CHECK(x.writes[2] == put_object("o", R"({"n":2})"));
  CHECK(x.writes[3] == erase_object("p"));
  CHECK(std::get<object_change>(after(1).writes[0]).text
        == R"({"n":2})"); // only the newest is kept
}

TEST_CASE_METHOD(fixture, "behind the last sequence there is nothing, and no gap") {
  auto x = after(6);
  CHECK(x.first == 7);
  CHECK(x.writes.empty());
}

TEST_CASE_METHOD(fixture, "what was folded leaves a gap") {
  auto history = folder->open_history_folder().value();
  history->fold(1'000).value();
  auto x = after(2);
  CHECK(x.first == 7);
  CHECK(x.writes.empty());
}
