#include "storage/state_columns.hpp"

#include "storage/value_codec.hpp"

namespace atrium::storage {

namespace {

void bind_source(sqlite::statement& stmt, int index, const std::string& name, name_table& sources) {
  if (name.empty())
    stmt.bind(index, nullptr);
  else
    stmt.bind(index, sources.number(name));
}

std::string read_source(const sqlite::statement& stmt, int column, const name_table& sources) {
  return stmt.is_null(column) ? std::string{} : sources.name(stmt.integer(column));
}

} // namespace

void bind_state(sqlite::statement& stmt, int index, const state& x, name_table& sources,
                std::string& scratch) {
  stmt.bind(index, x.ts);
  if (x.lc == x.ts)
    stmt.bind(index + 1, nullptr);
  else
    stmt.bind(index + 1, x.lc);
  bind_value(stmt, index + 2, x.val, scratch);
  stmt.bind(index + 3, x.ack ? 1 : 0);
  stmt.bind(index + 4, x.q);
  bind_source(stmt, index + 5, x.from, sources);
  bind_source(stmt, index + 6, x.user, sources);
  if (x.c.empty())
    stmt.bind(index + 7, nullptr);
  else
    stmt.bind(index + 7, std::string_view{x.c});
}

state read_state(const sqlite::statement& stmt, int column, const name_table& sources) {
  auto x = state{};
  x.ts = stmt.integer(column);
  x.lc = stmt.is_null(column + 1) ? x.ts : stmt.integer(column + 1);
  x.val = read_value(stmt, column + 2);
  x.ack = stmt.integer(column + 3) != 0;
  x.q = static_cast<std::uint32_t>(stmt.integer(column + 4));
  x.from = read_source(stmt, column + 5, sources);
  x.user = read_source(stmt, column + 6, sources);
  x.c = stmt.text(column + 7);
  return x;
}

} // namespace atrium::storage
