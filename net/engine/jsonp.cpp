#include "net/engine/jsonp.hpp"

#include "net/request_info.hpp"
#include "schema/json_text.hpp"

#include <algorithm>
#include <iterator>

namespace atrium::net::engine {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

} // namespace

std::string jsonp_index(std::string_view j) {
  std::string out;
  std::copy_if(j.begin(), j.end(), std::back_inserter(out),
               [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

std::string jsonp_script(std::string_view index, std::string_view body) {
  auto out = "___eio[" + std::string{index} + "](";
  append_json_string(out, body);
  // The line separators of Unicode may stand in JSON, but not in every script.
  replace_all(out, "\xe2\x80\xa8", "\\u2028");
  replace_all(out, "\xe2\x80\xa9", "\\u2029");
  return out.append(");");
}

std::optional<std::string> jsonp_payload(std::string_view form) {
  auto field = form_field(form, "d");
  if (! field)
    return std::nullopt;
  std::string out;
  out.reserve(field->size());
  for (std::string_view rest{*field}; ! rest.empty();) {
    if (rest.starts_with("\\\\n")) {
      out.append("\\n");
      rest.remove_prefix(3);
    } else if (rest.starts_with("\\n")) {
      out.push_back('\n');
      rest.remove_prefix(2);
    } else {
      out.push_back(rest.front());
      rest.remove_prefix(1);
    }
  }
  return out;
}

} // namespace atrium::net::engine
