#include "schema/json_text.hpp"

#include "schema/decimal.hpp"
#include "schema/json_scan.hpp"
#include "schema/json_writer.hpp"
#include "schema/utf8.hpp"

#include <charconv>
#include <cmath>

namespace atrium {

namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\b': out.append("\\b"); return;
    case '\f': out.append("\\f"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default: break;
  }
  constexpr std::string_view hex = "0123456789abcdef";
  out.append("\\u00");
  out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
  out.push_back(hex[static_cast<unsigned char>(c) & 0xf]);
}

/// Lays out a number as ECMAScript does: `digits` without a point, of which the first `point` stand
/// before it.
void append_digits(std::string& out, std::string_view digits, int point) {
  auto count = static_cast<int>(digits.size());
  if (point > 21 || point <= -6) {
    out.push_back(digits[0]);
    if (count > 1)
      out.append(1, '.').append(digits.substr(1));
    out.append(point > 0 ? "e+" : "e-");
    append_decimal(out, std::abs(point - 1));
  } else if (point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (count <= point) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    auto whole = static_cast<std::size_t>(point);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  }
}

} // namespace

void append_json(std::string& out, const json::value& x) {
  json_writer{out}.write(x);
}

void append_json(std::string& out, const json::array& x) {
  json_writer{out}.write(x);
}

void append_json(std::string& out, const json::object& x) {
  json_writer{out}.write(x);
}

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (;;) {
    auto run = scan_json_run(text);
    if (run.ascii)
      out.append(text.substr(0, run.length));
    else
      append_valid_utf8(out, text.substr(0, run.length));
    if (run.length == text.size())
      break;
    append_escape(out, text[run.length]);
    text.remove_prefix(run.length + 1);
  }
  out.push_back('"');
}

void append_json_number(std::string& out, double x) {
  constexpr double whole_max = 1e15;
  if (! std::isfinite(x)) {
    out.append("null");
    return;
  }
  if (std::abs(x) < whole_max && std::trunc(x) == x) {
    append_decimal(out, static_cast<std::int64_t>(x));
    return;
  }
  // Both give the shortest digits that read back as x, they only place them differently.
  char buffer[32];
  auto* end
    = std::to_chars(buffer, buffer + sizeof buffer, std::abs(x), std::chars_format::scientific).ptr;
  auto text = std::string_view{buffer, static_cast<std::size_t>(end - buffer)};
  auto mark = text.find('e');
  auto exponent = 0;
  auto exponent_text = text.substr(mark + (text[mark + 1] == '+' ? 2 : 1));
  std::from_chars(exponent_text.data(), end, exponent);
  if (x < 0)
    out.push_back('-');
  if (mark > 1)
    buffer[1] = buffer[0];
  append_digits(out, mark > 1 ? text.substr(1, mark - 1) : text.substr(0, 1), exponent + 1);
}

} // namespace atrium
