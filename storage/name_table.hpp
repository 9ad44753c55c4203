#pragma once

#include "schema/text_map.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// A table of texts (ids or sources) that the rest of the database knows by number, with all of it
/// in memory. Numbers are dense from 1.
class name_table {
public:
  enum class kind { ids, sources };

  /// Reads the whole table.
  name_table(sqlite::connection& db, kind what);

  /// The number of `name`, which is added within the open transaction if it is new. `keep` or
  /// `forget` must follow when the transaction has ended.
  std::int64_t number(std::string_view name);

  /// The number of `name`, or 0.
  std::int64_t find(std::string_view name) const;

  /// The name of a number that the database holds; throws sqlite::error if it does not.
  const std::string& name(std::int64_t number) const;

  /// All names; the n-th has the number n + 1.
  std::size_t size() const noexcept {
    return names_.size();
  }

  /// The transaction was committed.
  void keep() noexcept {
    kept_ = names_.size();
  }

  /// The transaction was rolled back, and what it added with it.
  void forget() noexcept;

private:
  using map = text_map<std::int64_t>;

  sqlite::statement insert_;
  map numbers_;
  /// Keys of `numbers_`, whose nodes stay where they are.
  std::vector<const std::string*> names_;
  std::size_t kept_ = 0;
};

} // namespace atrium::storage
