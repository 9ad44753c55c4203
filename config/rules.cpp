#include "config/rules.hpp"

#include <algorithm>
#include <string_view>

namespace atrium::config::rules {

namespace {

bool is_visible(char c) {
  return c > 0x20 && c < 0x7f;
}

bool is_authority(std::string_view text) {
  return ! text.empty() && std::ranges::all_of(text, [](char c) {
    return is_visible(c) && c != '/' && c != '?' && c != '#' && c != '@' && c != '*';
  });
}

} // namespace

std::string anything(const std::string&) {
  return {};
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

std::string token(const std::string& text) {
  return std::ranges::all_of(text, is_visible) ? "" : "must be visible ASCII characters only";
}

std::string origin(const std::string& text) {
  auto scheme_end = text.find("://");
  if (text == "*"
      || (scheme_end != std::string::npos && scheme_end > 0
          && is_authority(std::string_view{text}.substr(scheme_end + 3))))
    return {};
  return "must be an origin such as \"https://example.org\", or \"*\", not \"" + text + "\"";
}

std::string host(const std::string& text) {
  if (text == "*" || is_authority(text))
    return {};
  return "must be a host such as \"hub.example.org\", or \"*\", not \"" + text + "\"";
}

std::string url_path(const std::string& text) {
  auto right = text.size() > 1 && text.front() == '/' && text.back() != '/'
               && std::ranges::all_of(text, is_visible)
               && text.find_first_of("?#") == std::string::npos;
  return right ? "" : "must begin with a slash and not end in one, as \"/socket.io\" does";
}

std::string transport(const std::string& text) {
  if (text == "polling" || text == "websocket")
    return {};
  return "must be a list of \"polling\" and \"websocket\", not \"" + text + "\"";
}

} // namespace atrium::config::rules
