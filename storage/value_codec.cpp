#include "storage/value_codec.hpp"

#include <limits>

namespace atrium::storage {

namespace {

// Limits on what comes in are checked long before; what is stored must always be readable again.
constexpr auto depth_max = std::size_t{100'000};

json::value parse_text(std::string_view text) {
  if (text == "true")
    return true;
  if (text == "false")
    return false;
  auto options = json::parse_options{};
  options.max_depth = depth_max;
  options.allow_invalid_utf8 = true;
  auto ec = boost::system::error_code{};
  auto value = json::parse(text, ec, {}, options);
  if (ec)
    sqlite::raise_corrupt("a stored value is not JSON (" + ec.message() + ")");
  return value;
}

} // namespace

void bind_value(sqlite::statement& stmt, int index, const json::value& value,
                std::string& scratch) {
  switch (value.kind()) {
    case json::kind::null: stmt.bind(index, nullptr); return;
    case json::kind::bool_:
      stmt.bind(index, value.get_bool() ? std::string_view{"true"} : std::string_view{"false"});
      return;
    case json::kind::int64: stmt.bind(index, value.get_int64()); return;
    case json::kind::double_: stmt.bind(index, value.get_double()); return;
    case json::kind::uint64:
      if (auto n = value.get_uint64(); n <= std::numeric_limits<std::int64_t>::max()) {
        stmt.bind(index, n);
        return;
      }
      break;
    case json::kind::string:
    case json::kind::array:
    case json::kind::object: break;
  }
  scratch = json::serialize(value);
  stmt.bind(index, std::string_view{scratch});
}

json::value read_value(const sqlite::statement& stmt, int column) {
  switch (stmt.type(column)) {
    case SQLITE_INTEGER: return stmt.integer(column);
    case SQLITE_FLOAT: return stmt.real(column);
    case SQLITE_TEXT: return parse_text(stmt.text(column));
    case SQLITE_NULL: return nullptr;
    default: sqlite::raise_corrupt("a stored value is a blob");
  }
}

} // namespace atrium::storage
