#include "schema/history_options.hpp"

#include "schema/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

namespace atrium {

namespace {

using namespace std::chrono_literals;

constexpr epoch_ms ahead = 5'000'000;
constexpr epoch_ms week = std::chrono::milliseconds{24h * 7}.count();
constexpr double time_max = 8.64e15;

refusal wrong(std::string_view key) {
  return {errc::invalid_query, "The history option \"" + std::string{key} + "\" is invalid"};
}

/// Whether the options ask for `key`: absent, null and false do not.
bool flag(const json::object& x, std::string_view key) {
  auto* value = x.if_contains(key);
  return value && ((value->is_bool() && value->get_bool()) || (value->is_number() && *value != 0));
}

const json::value* given(const json::object& x, std::string_view key) {
  auto* value = x.if_contains(key);
  return value && ! value->is_null() ? value : nullptr;
}

std::optional<double> number(const json::value& x) {
  if (x.is_number()) {
    auto result = x.to_number<double>();
    return std::isfinite(result) ? std::optional{result} : std::nullopt;
  }
  auto* text = x.if_string();
  double result = 0;
  if (! text
      || std::from_chars(text->data(), text->data() + text->size(), result).ptr
           != text->data() + text->size()
      || text->empty() || ! std::isfinite(result))
    return std::nullopt;
  return result;
}

/// A number of values: more than the most is the most.
bool read_count(const json::object& x, std::string_view key, std::optional<std::size_t>& result) {
  auto* value = given(x, key);
  if (! value)
    return true;
  auto n = number(*value);
  if (! n || *n < 0)
    return false;
  if (*n > 0)
    result = static_cast<std::size_t>(std::min(std::ceil(*n), double{history_values_max}));
  return true;
}

bool read_time(const json::object& x, std::string_view key, std::optional<epoch_ms>& result) {
  auto* value = given(x, key);
  return ! value || (result = parse_time(*value));
}

std::optional<epoch_ms> parse_date(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  int used = 0;
  auto date_only = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &used) == 3;
  if (! date_only)
    return std::nullopt;
  auto rest = text.substr(static_cast<std::size_t>(used));
  if (! rest.empty() && (rest[0] == 'T' || rest[0] == ' ')) {
    auto fields
      = std::sscanf(rest.c_str() + 1, "%2d:%2d%n:%6lf%n", &hour, &minute, &used, &second, &used);
    if (fields < 2)
      return std::nullopt;
    rest.erase(0, static_cast<std::size_t>(used) + 1);
  }
  auto date = std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day);
  if (! date.ok() || hour < 0 || hour > 24 || minute < 0 || minute > 59
      || ! (second >= 0 && second < 61) || (! rest.empty() && rest != "Z"))
    return std::nullopt;
  auto at = std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute};
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()
         + std::llround(second * 1000);
}

checked<void> check_aggregate(const json::object& x) {
  auto* value = given(x, "aggregate");
  if (! value || *value == "none" || *value == "")
    return {};
  auto name = value->is_string() ? std::string{std::string_view{value->get_string()}}
                                 : json::serialize(*value);
  return refusal{errc::invalid_query, "Unknown aggregate \"" + name.substr(0, 40) + "\""};
}

checked<void> read(history_query& result, const json::object& x, std::optional<epoch_ms>& end) {
  if (auto ok = check_aggregate(x); ! ok)
    return ok.error();
  if (! read_time(x, "start", result.start))
    return wrong("start");
  if (! read_time(x, "end", end))
    return wrong("end");
  if (! read_count(x, "count", result.count))
    return wrong("count");
  if (! read_count(x, "limit", result.limit))
    return wrong("limit");
  if (auto* digits = given(x, "round")) {
    auto n = number(*digits);
    if (! n || std::abs(*n) > 15)
      return wrong("round");
    result.round = static_cast<int>(*n);
  }
  if (auto* nulls = x.if_contains("ignoreNull")) {
    if ((nulls->is_bool() && nulls->get_bool()) || *nulls == "true")
      result.ignore_null = null_handling::drop;
    else if ((nulls->is_number() && nulls->to_number<double>() == 0) || *nulls == "0")
      result.ignore_null = null_handling::as_zero;
  }
  result.return_newest_entries = flag(x, "returnNewestEntries");
  result.ack = flag(x, "ack");
  result.q = flag(x, "q");
  result.from = flag(x, "from");
  result.add_id = flag(x, "addId");
  return {};
}

void append_integer(std::string& out, std::string_view key, std::int64_t x) {
  out += key;
  out += std::to_string(x);
}

} // namespace

std::optional<epoch_ms> parse_time(const json::value& x) {
  if (auto n = number(x))
    return std::abs(*n) <= time_max ? std::optional{static_cast<epoch_ms>(*n)} : std::nullopt;
  auto* text = x.if_string();
  return text ? parse_date(std::string{std::string_view{*text}}) : std::nullopt;
}

checked<history_query>
parse_history_options(std::string id, const json::value& options, epoch_ms now) {
  history_query result;
  result.id = std::move(id);
  std::optional<epoch_ms> end;
  if (auto* x = options.if_object()) {
    if (auto ok = read(result, *x, end); ! ok)
      return ok.error();
  } else if (! options.is_null() && ! options.is_string()) {
    return refusal{errc::invalid_query, "The history options are not an object"};
  }
  result.end = end.value_or(now + ahead);
  if (! result.count && ! result.start)
    result.start = now - week;
  if (result.start && *result.start > result.end)
    std::swap(*result.start, result.end);
  return result;
}

void append_json(std::string& out, const history_query& query,
                 const std::vector<history_value>& values) {
  out += '[';
  for (auto& [seq, x] : values) {
    if (out.back() != '[')
      out += ',';
    append_integer(out, R"({"ts":)", x.ts);
    out += R"(,"val":)";
    append_json(out, x.val);
    if (query.ack)
      out += x.ack ? R"(,"ack":true)" : R"(,"ack":false)";
    if (query.q)
      append_integer(out, R"(,"q":)", x.q);
    if (query.from) {
      out += R"(,"from":)";
      append_json_string(out, x.from);
    }
    if (query.add_id) {
      out += R"(,"id":)";
      append_json_string(out, query.id);
    }
    out += '}';
  }
  out += ']';
}

} // namespace atrium
