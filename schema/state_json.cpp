#include "schema/state_json.hpp"

#include "schema/json_text.hpp"

#include <charconv>
#include <iterator>

namespace atrium {

namespace {

void append_number(std::string& out, std::int64_t x) {
  char digits[24];
  auto end = std::to_chars(std::begin(digits), std::end(digits), x).ptr;
  out.append(digits, end);
}

} // namespace

json::object to_json(const state& x) {
  json::object result;
  result.reserve(8);
  result.emplace("val", x.val);
  result.emplace("ack", x.ack);
  result.emplace("ts", x.ts);
  result.emplace("q", x.q);
  if (! x.c.empty())
    result.emplace("c", x.c);
  result.emplace("from", x.from);
  result.emplace("user", x.user);
  result.emplace("lc", x.lc);
  return result;
}

void append_json(std::string& out, const state& x) {
  out += R"({"val":)";
  append_json(out, x.val);
  out += x.ack ? R"(,"ack":true,"ts":)" : R"(,"ack":false,"ts":)";
  append_number(out, x.ts);
  out += R"(,"q":)";
  append_number(out, x.q);
  if (! x.c.empty()) {
    out += R"(,"c":)";
    append_json_string(out, x.c);
  }
  out += R"(,"from":)";
  append_json_string(out, x.from);
  out += R"(,"user":)";
  append_json_string(out, x.user);
  out += R"(,"lc":)";
  append_number(out, x.lc);
  out += '}';
}

} // namespace atrium
