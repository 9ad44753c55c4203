#include "actors/folder.hpp"
#include "tests/actors/model_fixture.hpp"

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;

namespace {

struct fake_folder final : storage::history_folder {
  struct record {
    std::size_t folds = 0;
    std::size_t rows_left = 0;
    std::vector<storage::retention_policy> policies;
    bool fails = false;
  };

  explicit fake_folder(std::shared_ptr<record> x) : seen{std::move(x)} {
  }

  storage::outcome<storage::fold_report> fold(std::size_t) override {
    ++seen->folds;
    if (seen->fails)
      return storage::failure{errc::storage_full, "full"};
    return storage::fold_report{1, seen->rows_left};
  }

  storage::outcome<storage::retention_report>
  retain(const storage::retention_policy& policy, epoch_ms, std::size_t) override {
    seen->policies.push_back(policy);
    return storage::retention_report{0, true};
  }

  std::shared_ptr<record> seen;
};

struct fixture : actor_fixture {
  fixture() {
    aut = own(sys.spawn(folder, folder_options{},
                        storage::history_folder_ptr{std::make_unique<fake_folder>(seen)}));
    run();
  }

  std::shared_ptr<fake_folder::record> seen = std::make_shared<fake_folder::record>();
  folder_actor aut;
};

} // namespace

TEST_CASE_METHOD(fixture,
                 "folding goes on by the clock, sooner while much waits, and after a failure") {
  CHECK(seen->folds == 0);
  advance(10s);
  CHECK(seen->folds == 1);
  seen->fails = true;
  advance(10s);
  CHECK(seen->folds == 2);
  seen->fails = false;
  seen->rows_left = 100;
  advance(10s);
  CHECK(seen->folds == 3);
  for (auto i = 0; i < 5; ++i)
    advance(200ms);
  CHECK(seen->folds == 8);
}

TEST_CASE_METHOD(fixture, "an object says how long the past of its state is kept") {
  auto text = R"({"common":{"custom":{"history.0":{"retention":3600}}}})";
  auto batch = std::make_shared<commit_batch>();
  batch->writes.push_back(storage::object_change{"a", text});
  self->send(aut, atom::publish_v, batch_ptr{batch});
  advance(11min);
  REQUIRE_FALSE(seen->policies.empty());
  CHECK(seen->policies.back().states.at("a").age_max == 1h);
  auto next = std::make_shared<commit_batch>();
  next->writes.push_back(storage::object_change{"a", "{}"});
  self->send(aut, atom::publish_v, batch_ptr{next});
  advance(11min);
  CHECK(seen->policies.back().states.empty());
}

TEST_CASE("retention is read from the settings of the history instance") {
  auto read = [](std::string custom) {
    return retention_of(R"({"common":{"custom":{"history.0":)" + custom + "}}}", {});
  };
  CHECK(read(R"({"retention":0})")->age_max == 0s);
  CHECK(read(R"({"retention":-1,"customRetentionDuration":2})")->age_max == 48h);
  CHECK_FALSE(read(R"({"retention":"long"})"));
  CHECK_FALSE(read(R"({"enabled":true})"));
  CHECK_FALSE(retention_of(R"(["retention"])", {}));
  CHECK_FALSE(retention_of(R"({"retention":1,"common":[]})", {}));
}
