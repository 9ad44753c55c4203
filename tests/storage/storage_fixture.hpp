#pragma once

#include "storage/data_folder.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace atrium::test {

/// A report of `val` at `ts`.
inline state value_at(epoch_ms ts, json::value val) {
  auto x = state{};
  x.val = std::move(val);
  x.ack = true;
  x.ts = x.lc = ts;
  x.from = "system.adapter.demo.0";
  return x;
}

inline storage::write put(std::string id, state x) {
  return state_change{std::move(id), std::move(x)};
}

inline storage::write put(std::string id, epoch_ms ts, json::value val) {
  return put(std::move(id), value_at(ts, std::move(val)));
}

/// The n-th of many ids.
inline std::string numbered(std::string id, int n) {
  id += std::to_string(n);
  return id;
}

inline storage::write erase(std::string id) {
  return state_change{std::move(id), std::nullopt};
}

inline storage::write put_object(std::string id, std::string text) {
  return storage::object_change{std::move(id), std::move(text)};
}

inline storage::write erase_object(std::string id) {
  return storage::object_change{std::move(id), std::nullopt};
}

/// Commits what a test takes for granted.
inline storage::sequence_range
commit(storage::journal_store& store, const std::vector<storage::write>& writes) {
  return store.commit(writes).value();
}

/// All of a range, copied.
inline std::vector<history_value>
read_all(storage::history_reader& reader, const storage::history_range& range) {
  auto out = std::vector<history_value>{};
  reader
    .read(range,
          [&out](storage::history_row& row) {
            out.push_back(row.value());
            return true;
          })
    .value();
  return out;
}

inline std::vector<history_value> read_all(storage::history_reader& reader, std::string_view id) {
  auto range = storage::history_range{};
  range.id = id;
  return read_all(reader, range);
}

/// The values alone.
inline std::vector<json::value> values_of(const std::vector<history_value>& rows) {
  auto out = std::vector<json::value>{};
  for (auto& x : rows)
    out.push_back(x.value.val);
  return out;
}

/// What recovery finds, in the order of ids, so that two can be compared.
inline storage::recovered recovered_model(storage::journal_store& store) {
  auto out = store.recover().value();
  std::sort(out.objects.begin(), out.objects.end(), [](auto& a, auto& b) { return a.id < b.id; });
  std::sort(out.states.begin(), out.states.end(),
            [](auto& a, auto& b) { return a.change.id < b.change.id; });
  return out;
}

/// Folds until nothing is left.
inline void fold_all(storage::history_folder& folder, std::size_t rows_max = 1000) {
  while (folder.fold(rows_max).value().rows_left > 0) {
  }
}

/// A data folder on the disk with its parts, which can be closed and opened again.
class disk_storage {
public:
  disk_storage() {
    open();
  }

  void open() {
    folder = storage::open_data_folder({files.path()}).value();
    store = folder->open_store().value();
    reader = folder->open_reader().value();
    history = folder->open_history_folder().value();
  }

  void close() {
    history.reset();
    reader.reset();
    store.reset();
    folder.reset();
  }

  void reopen() {
    close();
    open();
  }

  temp_folder files;
  storage::data_folder_ptr folder;
  storage::journal_store_ptr store;
  storage::history_reader_ptr reader;
  storage::history_folder_ptr history;
};

} // namespace atrium::test
