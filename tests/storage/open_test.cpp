#include "storage/migrations.hpp"
#include "storage/sqlite.hpp"
#include "tests/storage/storage_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace atrium;
using namespace atrium::test;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

storage::sqlite::connection connect(const fs::path& file) {
  return {file, storage::sqlite::access::read_write, std::chrono::milliseconds{1000}};
}

storage::failure failure_of(const fs::path& folder) {
  auto opened = storage::open_data_folder({folder});
  if (opened)
    return {errc::ok, "opened"};
  return opened.error();
}

// A data folder with something in it.
void fill(const fs::path& folder) {
  auto data = storage::open_data_folder({folder}).value();
  auto store = data->open_store().value();
  for (auto n = 0; n < 500; ++n)
    commit(*store, {put("demo.0.a", n, json::string(100, 'x')), put_object("demo.0.a", "{}")});
}

// Root may write everything; as nobody, permissions mean something.
class without_privileges {
public:
  without_privileges() {
    if (::geteuid() == 0)
      changed_ = ::seteuid(65534) == 0;
  }

  ~without_privileges() {
    if (changed_ && ::seteuid(0) != 0)
      std::abort();
  }

private:
  bool changed_ = false;
};

} // namespace

TEST_CASE("migrations are applied in order from version 0, once") {
  auto files = temp_folder{};
  auto db = connect(files.path() / "x.db");
  auto steps
    = std::array{storage::migration{1, "CREATE TABLE t(a INTEGER); INSERT INTO t VALUES(1)"},
                 storage::migration{2, "UPDATE t SET a = a + 1"},
                 storage::migration{3, "ALTER TABLE t ADD COLUMN b TEXT"}};
  REQUIRE(storage::migrate(db, std::span{steps}.first(1)).has_value());
  CHECK(db.integer("PRAGMA user_version") == 1);
  REQUIRE(storage::migrate(db, steps).has_value());
  REQUIRE(storage::migrate(db, steps).has_value());
  CHECK(db.integer("PRAGMA user_version") == 3);
  CHECK(db.integer("SELECT a FROM t") == 2);
  CHECK(storage::migrate(db, std::span{steps}.first(2)).error().code == errc::storage_newer);
}

TEST_CASE("a migration that fails leaves the version before it") {
  auto files = temp_folder{};
  auto db = connect(files.path() / "x.db");
  auto steps
    = std::array{storage::migration{1, "CREATE TABLE t(a INTEGER)"},
                 storage::migration{2, "INSERT INTO t VALUES(7); INSERT INTO nowhere VALUES(1)"}};
  CHECK(storage::migrate(db, steps).error().code == errc::storage_failed);
  CHECK(db.integer("PRAGMA user_version") == 1);
  CHECK(db.integer("SELECT count(*) FROM t") == 0);
}

TEST_CASE("both files carry the version of their last migration") {
  auto files = temp_folder{};
  fill(files.path());
  CHECK(connect(files.path() / "atrium.db").integer("PRAGMA user_version")
        == storage::atrium_migrations().back().version);
  CHECK(connect(files.path() / "history.db").integer("PRAGMA user_version")
        == storage::history_migrations().back().version);
}

TEST_CASE("a file from a newer version is refused and not touched") {
  auto name = GENERATE(as<std::string>{}, "atrium.db", "history.db");
  auto files = temp_folder{};
  fill(files.path());
  connect(files.path() / name).exec("PRAGMA user_version = 99");
  auto what = failure_of(files.path());
  CHECK(what.code == errc::storage_newer);
  CHECK_THAT(what.message, Contains(name) && Contains("99"));
  CHECK(connect(files.path() / name).integer("PRAGMA user_version") == 99);
}

TEST_CASE("a file that is no database is refused and not touched") {
  auto name = GENERATE(as<std::string>{}, "atrium.db", "history.db");
  auto files = temp_folder{};
  fill(files.path());
  auto text = std::string(8192, 'x');
  std::ofstream{files.path() / name, std::ios::trunc} << text;
  auto what = failure_of(files.path());
  CHECK(what.code == errc::storage_corrupt);
  CHECK_THAT(what.message, Contains(name) && Contains("backup"));
  CHECK(fs::file_size(files.path() / name) == text.size());
}

TEST_CASE("a database of another program is refused") {
  auto files = temp_folder{};
  connect(files.path() / "atrium.db").exec("CREATE TABLE music(title TEXT)");
  auto what = failure_of(files.path());
  CHECK(what.code == errc::storage_corrupt);
  CHECK_THAT(what.message, Contains("not a database of Atrium"));
}

TEST_CASE("damage inside the journal is an error of recovery, not a wrong model") {
  auto files = temp_folder{};
  fill(files.path());
  {
    auto file
      = std::fstream{files.path() / "atrium.db", std::ios::in | std::ios::out | std::ios::binary};
    auto size = static_cast<std::streamoff>(fs::file_size(files.path() / "atrium.db"));
    for (auto page = std::streamoff{15 * 4096}; page < size; page += 4096) {
      file.seekp(page);
      file << std::string(64, '\xff');
    }
  }
  auto opened = storage::open_data_folder({files.path()});
  auto code = errc::ok;
  if (! opened) {
    code = opened.error().code;
  } else if (auto store = (*opened)->open_store(); ! store) {
    code = store.error().code;
  } else if (auto found = (*store)->recover(); ! found) {
    code = found.error().code;
  }
  CHECK(code == errc::storage_corrupt);
}

TEST_CASE("a history that belongs to other data is refused") {
  auto files = temp_folder{};
  auto others = temp_folder{};
  fill(files.path());
  fill(others.path());
  fs::copy_file(others.path() / "history.db", files.path() / "history.db",
                fs::copy_options::overwrite_existing);
  auto what = failure_of(files.path());
  CHECK(what.code == errc::storage_corrupt);
  CHECK_THAT(what.message, Contains("does not belong"));
}

TEST_CASE("a second hub in this process is kept out until the first is gone") {
  auto files = temp_folder{};
  auto first = storage::open_data_folder({files.path()}).value();
  auto what = failure_of(files.path());
  CHECK(what.code == errc::storage_locked);
  CHECK_THAT(what.message, Contains(std::to_string(::getpid())) && Contains("another hub"));
  auto store = first->open_store().value();
  first.reset();
  CHECK(failure_of(files.path()).code == errc::storage_locked);
  store.reset();
  CHECK(failure_of(files.path()).code == errc::ok);
}

TEST_CASE("a second hub in another process is kept out") {
  auto files = temp_folder{};
  auto first = storage::open_data_folder({files.path()}).value();
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0)
    ::_exit(static_cast<int>(failure_of(files.path()).code));
  auto status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == static_cast<int>(errc::storage_locked));
}

TEST_CASE("a folder that may not be written is an error that says what to do") {
  auto files = temp_folder{};
  fill(files.path());
  fs::permissions(files.path(), fs::perms{0555});
  {
    auto lowered = without_privileges{};
    auto what = failure_of(files.path());
    CHECK(what.code == errc::storage_read_only);
    CHECK_THAT(what.message, Contains("writable"));
    CHECK(failure_of(files.path() / "new").code == errc::storage_read_only);
  }
  fs::permissions(files.path(), fs::perms{0755});
}

TEST_CASE("a file that may not be written is an error that says what to do") {
  auto name = GENERATE(as<std::string>{}, "atrium.db", "history.db");
  auto files = temp_folder{};
  fill(files.path());
  fs::permissions(files.path(), fs::perms{0777});
  for (auto& entry : fs::directory_iterator{files.path()})
    fs::permissions(entry.path(), fs::perms{0666});
  fs::permissions(files.path() / name, fs::perms{0444});
  {
    auto lowered = without_privileges{};
    auto what = failure_of(files.path());
    CHECK(what.code == errc::storage_read_only);
    CHECK_THAT(what.message, Contains(name) && Contains("writable"));
  }
}

TEST_CASE("a path that cannot be a folder is an error") {
  auto files = temp_folder{};
  std::ofstream{files.path() / "file"} << "x";
  auto what = failure_of(files.path() / "file");
  CHECK(what.code == errc::storage_failed);
  CHECK_THAT(what.message, Contains("file"));
}

TEST_CASE("a backup made while the hub goes on can be opened as a data folder") {
  auto disk = disk_storage{};
  commit(*disk.store, {put("a", 1, 1), put("a", 2, 2), put_object("a", "{}")});
  fold_all(*disk.history);
  commit(*disk.store, {put("a", 3, 3)});
  auto target = temp_folder{};
  REQUIRE(disk.folder->backup(target.path()).has_value());
  CHECK(disk.folder->backup(target.path()).has_error());
  commit(*disk.store, {put("a", 4, 4)});
  auto copy = storage::open_data_folder({target.path()}).value();
  auto found = recovered_model(*copy->open_store().value());
  CHECK(found.last == 4);
  CHECK(found.states.at(0).change.value->val == 3);
  auto reader = copy->open_reader().value();
  CHECK(values_of(read_all(*reader, "a")) == std::vector<json::value>{1, 2, 3});
}
