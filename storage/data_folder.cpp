#include "storage/data_folder.hpp"

#include "storage/open_folder.hpp"

#include <string>
#include <system_error>

namespace atrium::storage {

namespace {

outcome<void> make_folder(const std::filesystem::path& path) {
  auto ec = std::error_code{};
  std::filesystem::create_directories(path, ec);
  if (! ec)
    return {};
  auto text = path.string() + ": cannot be made: " + ec.message();
  if (ec == std::errc::no_space_on_device)
    return failure{errc::storage_full, text + "; make room on the disk"};
  if (ec == std::errc::permission_denied || ec == std::errc::read_only_file_system
      || ec == std::errc::operation_not_permitted)
    return failure{errc::storage_read_only,
                   text + "; choose a folder that the user who runs the hub may write"};
  return failure{errc::storage_failed, text};
}

void copy_to(sqlite::connection&& db, const std::filesystem::path& target) {
  auto path = target.string();
  sqlite::statement{db, "VACUUM INTO ?"}.bind(1, std::string_view{path}).run();
}

class sqlite_data_folder final : public data_folder {
public:
  explicit sqlite_data_folder(open_folder_ptr shared) : shared_{std::move(shared)} {
  }

  outcome<journal_store_ptr> open_store() override {
    return make_sqlite_store(shared_);
  }

  outcome<history_reader_ptr> open_reader() override {
    return make_sqlite_reader(shared_);
  }

  outcome<history_folder_ptr> open_history_folder() override {
    return make_sqlite_history_folder(shared_);
  }

  outcome<void> backup(const std::filesystem::path& target) override {
    if (auto made = make_folder(target); ! made)
      return made;
    for (auto name : {"atrium.db", "history.db"})
      if (std::filesystem::exists(target / name))
        return failure{errc::storage_failed,
                       (target / name).string() + ": exists; choose an empty folder"};
    // The journal first: what is folded in between is then in both copies, which does no harm; the
    // other way round it would be in neither.
    return sqlite::guarded([this, &target] {
      auto read = sqlite::access::read_only;
      auto wait = shared_->options.busy_timeout;
      copy_to(sqlite::connection{shared_->atrium_file, read, wait}, target / "atrium.db");
      copy_to(sqlite::connection{shared_->history_file, read, wait}, target / "history.db");
    });
  }

private:
  open_folder_ptr shared_;
};

} // namespace

outcome<data_folder_ptr> open_data_folder(data_folder_options options) {
  auto ec = std::error_code{};
  options.path = std::filesystem::absolute(options.path, ec);
  if (ec)
    return failure{errc::storage_failed, options.path.string() + ": " + ec.message()};
  if (auto made = make_folder(options.path); ! made)
    return made.error();
  auto lock = file_lock::acquire(options.path / "atrium.lock");
  if (! lock)
    return lock.error();
  auto shared = std::make_shared<open_folder>(std::move(options), std::move(*lock));
  if (auto ready = prepare_files(*shared); ! ready)
    return ready.error();
  return data_folder_ptr{std::make_shared<sqlite_data_folder>(std::move(shared))};
}

} // namespace atrium::storage
