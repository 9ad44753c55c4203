#include "storage/memory_store.hpp"
#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <random>

using namespace atrium;
using namespace atrium::test;

namespace {

// One random life: the same for every storage that is given the same seed.
class random_life {
public:
  explicit random_life(unsigned seed) : random_{seed} {
  }

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
  }

  std::string id() {
    static constexpr auto ids = std::array{"d.0.a", "d.0.a.x", "d.0.a.y", "d.0.b", "d.0.ä.灯", "e"};
    return ids[below(ids.size())];
  }

  storage::write write() {
    switch (below(8)) {
      case 0: return erase(id());
      case 1: return put_object(id(), R"({"n":)" + std::to_string(below(100)) + "}");
      case 2: return erase_object(id());
      default: return put(id(), value());
    }
  }

  std::vector<storage::write> batch() {
    auto out = std::vector<storage::write>{};
    for (auto n = below(6); n > 0; --n)
      out.push_back(write());
    return out;
  }

  storage::history_range range(const std::string& id) {
    auto out = storage::history_range{};
    out.id = id;
    if (below(2) == 0)
      out.start = static_cast<epoch_ms>(below(60));
    if (below(2) == 0)
      out.end = static_cast<epoch_ms>(below(60));
    if (below(2) == 0)
      out.limit = below(20);
    out.order
      = below(2) == 0 ? storage::history_order::oldest_first : storage::history_order::newest_first;
    return out;
  }

private:
  state value() {
    static const auto vals = std::array<json::value, 8>{nullptr,
                                                        true,
                                                        false,
                                                        42,
                                                        2.5,
                                                        "text",
                                                        json::array{1, "x", nullptr},
                                                        json::object{{"k", 1.5}}};
    auto x = value_at(static_cast<epoch_ms>(below(50)), vals[below(vals.size())]);
    x.ack = below(2) == 0;
    x.lc = below(2) == 0 ? x.ts : static_cast<epoch_ms>(below(50));
    x.q = static_cast<std::uint32_t>(below(3) * 0x40);
    x.from = below(3) == 0 ? "" : "source " + std::to_string(below(5));
    x.user = below(2) == 0 ? "" : "system.user.admin";
    x.c = below(4) == 0 ? "comment" : "";
    return x;
  }

  std::mt19937 random_;
};

void require_equal(std::vector<journaled_change> a, std::vector<journaled_change> b) {
  auto by_id = [](auto& x, auto& y) { return x.change.id < y.change.id; };
  std::sort(a.begin(), a.end(), by_id);
  std::sort(b.begin(), b.end(), by_id);
  REQUIRE(a.size() == b.size());
  for (auto n = std::size_t{0}; n < a.size(); ++n) {
    REQUIRE(a[n].seq == b[n].seq);
    REQUIRE(a[n].change == b[n].change);
  }
}

void require_equal(const storage::recovered& a, const storage::recovered& b) {
  REQUIRE(a.last == b.last);
  REQUIRE(a.objects == b.objects);
  require_equal(a.states, b.states);
}

} // namespace

TEST_CASE("the database and the memory agree on everything, whatever happens") {
  auto seed = GENERATE(range(1u, 21u));
  auto life = random_life{seed};
  auto memory = storage::make_memory_folder();
  auto memory_store = memory->open_store().value();
  auto memory_reader = memory->open_reader().value();
  auto disk = disk_storage{};
  for (auto step = 0; step < 150; ++step) {
    switch (life.below(10)) {
      case 0: REQUIRE(disk.history->fold(1 + life.below(20)).has_value()); break;
      case 1:
        if (life.below(5) == 0)
          disk.reopen();
        break;
      case 2: require_equal(recovered_model(*memory_store), recovered_model(*disk.store)); break;
      case 3: {
        auto id = life.id();
        require_equal(memory_store->states_below(id).value(), disk.store->states_below(id).value());
        break;
      }
      case 4:
      case 5: {
        auto id = life.id();
        auto range = life.range(id);
        REQUIRE(read_all(*memory_reader, range) == read_all(*disk.reader, range));
        break;
      }
      default: {
        auto batch = life.batch();
        REQUIRE(commit(*memory_store, batch) == commit(*disk.store, batch));
      }
    }
  }
  fold_all(*disk.history, 7);
  disk.reopen();
  require_equal(recovered_model(*memory_store), recovered_model(*disk.store));
}
