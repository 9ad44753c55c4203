#include "storage/open_folder.hpp"
#include "storage/sqlite_history_folder.hpp"
#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cerrno>

#include <sys/types.h>

using namespace atrium;
using namespace atrium::test;

namespace {

// The inner parts of a data folder, so that a test can stop between steps or spoil a connection.
storage::open_folder_ptr open_inner(const std::filesystem::path& path) {
  auto lock = storage::file_lock::acquire(path / "atrium.lock").value();
  auto out
    = std::make_shared<storage::open_folder>(storage::data_folder_options{path}, std::move(lock));
  storage::prepare_files(*out).value();
  return out;
}

storage::sqlite::connection connect(const std::filesystem::path& file) {
  return {file, storage::sqlite::access::read_write, std::chrono::milliseconds{1}};
}

// Makes inserts with a certain time fail in the middle of a transaction.
void make_inserts_fail(const std::filesystem::path& file) {
  connect(file).exec("CREATE TRIGGER spoil BEFORE INSERT ON journal WHEN new.ts = 666 "
                     "BEGIN SELECT raise(FAIL, 'spoiled'); END");
}

// Lets SQLite's writes fail like this while it lives: the system calls of its VFS are replaced.
class failing_disk {
public:
  explicit failing_disk(int code) {
    code_ = code;
    for (auto name : names)
      vfs_->xSetSystemCall(vfs_, name, reinterpret_cast<sqlite3_syscall_ptr>(&fail));
  }

  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  ~failing_disk() {
    for (auto name : names)
      vfs_->xSetSystemCall(vfs_, name, nullptr);
  }

private:
  // Which of them SQLite uses depends on how it was built; they differ in trailing parameters only.
  static constexpr auto names = std::array{"write", "pwrite", "pwrite64"};

  static ssize_t fail(int, const void*, std::size_t, off_t) {
    errno = code_;
    return -1;
  }

  static inline int code_ = 0;
  sqlite3_vfs* vfs_ = sqlite3_vfs_find(nullptr);
};

} // namespace

TEST_CASE("a crash between any two steps of a fold loses nothing and doubles nothing") {
  auto steps = GENERATE(1, 2, 3);
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1), put("b", 1, 1), put("gone", 1, 1)});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 2, 2), put("a", 2, 3), erase("gone"), put("c", 2, 2)});
  auto model = recovered_model(*disk.store);
  disk.close();
  {
    auto aut = storage::sqlite_history_folder{open_inner(disk.files.path())};
    auto span = aut.next_span(3);
    REQUIRE(span.rows == 3);
    aut.copy(span);
    if (steps >= 2)
      aut.update_snapshot(span);
    if (steps >= 3)
      aut.cut();
  }
  disk.open();
  auto check = [&] {
    auto found = recovered_model(*disk.store);
    CHECK(found.last == model.last);
    REQUIRE(found.states.size() == model.states.size());
    for (auto n = std::size_t{0}; n < found.states.size(); ++n) {
      CHECK(found.states[n].seq == model.states[n].seq);
      CHECK(found.states[n].change == model.states[n].change);
    }
    CHECK(values_of(read_all(*disk.reader, "a")) == std::vector<json::value>{1, 2, 3});
    CHECK(values_of(read_all(*disk.reader, "c")) == std::vector<json::value>{2});
    CHECK(values_of(read_all(*disk.reader, "gone")) == std::vector<json::value>{1});
  };
  check();
  fold_all(*disk.history);
  check();
  CHECK(connect(disk.files.path() / "history.db").integer("SELECT count(*) FROM history") == 6);
  CHECK(connect(disk.files.path() / "atrium.db").integer("SELECT count(*) FROM journal") == 0);
}

TEST_CASE("sequences are not given away twice when the whole journal was folded") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1), put_object("a", "{}"), erase_object("a")});
  fold_all(*disk.history);
  disk.reopen();
  CHECK(recovered_model(*disk.store).last == 3);
  CHECK(commit(*disk.store, {put("a", 2, 2)}).first == 4);
}

TEST_CASE("a journal that lost its last commits goes on beyond what the history knows") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1)});
  disk.close();
  auto atrium = disk.files.path() / "atrium.db";
  std::filesystem::copy_file(atrium, disk.files.path() / "kept");
  disk.open();
  commit(*disk.store, {put("b", 2, 2), put("c", 3, 3)});
  fold_all(*disk.history);
  disk.close();
  std::filesystem::rename(disk.files.path() / "kept", atrium);
  disk.open();
  CHECK(recovered_model(*disk.store).states.size() == 1);
  CHECK(commit(*disk.store, {put("d", 4, 4), put("b", 5, 5)}).first == 4);
  fold_all(*disk.history);
  CHECK(values_of(read_all(*disk.reader, "a")) == std::vector<json::value>{1});
  CHECK(values_of(read_all(*disk.reader, "b")) == std::vector<json::value>{2, 5});
  CHECK(values_of(read_all(*disk.reader, "d")) == std::vector<json::value>{4});
}

TEST_CASE("a full disk refuses the commit, keeps what was there, and takes writes again later") {
  auto disk = disk_storage{};
  auto& aut = *disk.store;
  commit(aut, {put("a", 1, 1)});
  auto batch = std::vector<storage::write>{};
  for (auto n = 0; n < 200; ++n)
    batch.push_back(put(numbered("new.", n), 2, json::string(4000, 'x')));
  {
    auto full = failing_disk{ENOSPC};
    auto refused = aut.commit(batch);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::storage_full);
    CHECK(refused.error().temporary());
    CHECK_THAT(refused.error().message, Catch::Matchers::Contains("make room"));
    CHECK(recovered_model(aut).states.size() == 1);
    CHECK(values_of(read_all(*disk.reader, "a")) == std::vector<json::value>{1});
  }
  CHECK(aut.commit(batch).value() == storage::sequence_range{2, 201});
  disk.reopen();
  CHECK(recovered_model(*disk.store).states.size() == 201);
}

TEST_CASE("what a write fails with says whether it is tried again") {
  auto [code, expected] = GENERATE(table<int, errc>({{ENOSPC, errc::storage_full},
                                                     {EDQUOT, errc::storage_full},
                                                     {EFBIG, errc::storage_full},
                                                     {EROFS, errc::storage_read_only}}));
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1)});
  {
    auto failing = failing_disk{code};
    for (auto& batch : {std::vector<storage::write>{put("b", 2, 2)}, {}}) {
      auto refused = disk.store->commit(batch);
      REQUIRE(refused.has_error());
      CHECK(refused.error().code == expected);
      CHECK(refused.error().temporary());
    }
    CHECK(recovered_model(*disk.store).last == 1);
  }
  CHECK(disk.store->commit({}).value() == storage::sequence_range{1, 1});
  CHECK(commit(*disk.store, {put("b", 2, 2)}).last == 2);
  disk.reopen();
  CHECK(recovered_model(*disk.store).states.size() == 2);
}

TEST_CASE("a broken disk fails the commit for good, and nothing of it is found after a restart") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1)});
  {
    auto broken = failing_disk{EIO};
    auto refused = disk.store->commit(std::vector<storage::write>{put("b", 2, 2)});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::storage_failed);
    CHECK_FALSE(refused.error().temporary());
  }
  disk.reopen();
  CHECK(recovered_model(*disk.store).last == 1);
  CHECK(read_all(*disk.reader, "b").empty());
}

TEST_CASE("a disk that is full while folding loses nothing") {
  auto disk = disk_storage{};
  auto batch = std::vector<storage::write>{};
  for (auto n = 0; n < 200; ++n)
    batch.push_back(put("a", n, json::string(4000, 'x')));
  commit(*disk.store, batch);
  {
    auto full = failing_disk{ENOSPC};
    auto refused = disk.history->fold(50'000);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::storage_full);
    CHECK(read_all(*disk.reader, "a").size() == 200);
  }
  fold_all(*disk.history);
  CHECK(read_all(*disk.reader, "a").size() == 200);
}

TEST_CASE("SQLite's own limit on pages is a full disk too") {
  auto files = temp_folder{};
  auto db = connect(files.path() / "x.db");
  db.exec("CREATE TABLE t(a); PRAGMA max_page_count = 4");
  auto refused
    = storage::sqlite::guarded([&db] { db.exec("INSERT INTO t VALUES(zeroblob(99999))"); });
  CHECK(refused.error().code == errc::storage_full);
}

TEST_CASE("a database that another program locks refuses the commit and takes it later") {
  auto files = temp_folder{};
  auto options = storage::data_folder_options{files.path()};
  options.busy_timeout = std::chrono::milliseconds{1};
  auto folder = storage::open_data_folder(options).value();
  auto aut = folder->open_store().value();
  auto one = std::vector<storage::write>{put("a", 1, 1)};
  auto other = connect(files.path() / "atrium.db");
  other.exec("BEGIN IMMEDIATE");
  auto refused = aut->commit(one);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::storage_read_only);
  CHECK(refused.error().temporary());
  CHECK_THAT(refused.error().message, Catch::Matchers::Contains("another program"));
  other.exec("COMMIT");
  CHECK(aut->commit(one).value().last == 1);
}

TEST_CASE("a commit that fails in its middle writes nothing, new names included") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1)});
  make_inserts_fail(disk.files.path() / "atrium.db");
  auto poison = value_at(666, 0);
  poison.from = "a new source";
  auto batch = std::vector<storage::write>{put("new.1", 1, 1), put_object("new.2", "{}"),
                                           put("new.3", poison)};
  auto refused = disk.store->commit(batch);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::storage_failed);
  CHECK_FALSE(refused.error().temporary());
  auto good = value_at(7, 3);
  good.from = "another source";
  CHECK(commit(*disk.store, {put("new.3", good), put("new.1", 8, 1)})
        == storage::sequence_range{2, 3});
  disk.reopen();
  auto found = recovered_model(*disk.store);
  CHECK(found.objects.empty());
  REQUIRE(found.states.size() == 3);
  CHECK(found.states[1].change.id == "new.1");
  CHECK(found.states[2].change == state_change{"new.3", good});
}

TEST_CASE("the write-ahead logs stay bounded while everything is busy") {
  auto disk = disk_storage{};
  auto text = json::string(1000, 'x');
  for (auto n = 0; n < 100; ++n) {
    auto batch = std::vector<storage::write>{};
    for (auto k = 0; k < 300; ++k)
      batch.push_back(put(numbered("a", k), n, text));
    commit(*disk.store, batch);
    if (n % 10 == 0)
      disk.history->fold().value();
  }
  fold_all(*disk.history, 50'000);
  for (auto name : {"atrium.db-wal", "history.db-wal"})
    CHECK(std::filesystem::file_size(disk.files.path() / name) <= 32 * 1024 * 1024);
}
