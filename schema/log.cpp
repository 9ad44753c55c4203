#include "schema/log.hpp"

#include "schema/json.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

namespace atrium::log {

namespace {

std::atomic<sink*> current_sink{nullptr};
std::atomic<level> least_level{level::warn};

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

void append_escaped(std::string& out, std::string_view text, bool quoted) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (auto c : text) {
    if (is_control(c)) {
      auto code = static_cast<unsigned char>(c);
      out += {'\\', 'x', digits[code >> 4], digits[code & 15]};
    } else {
      if (quoted && (c == '"' || c == '\\'))
        out += '\\';
      out += c;
    }
  }
}

void append_text_value(std::string& out, std::string_view text) {
  auto plain = ! text.empty() && std::ranges::none_of(text, [](char c) {
    return is_control(c) || c == ' ' || c == '"' || c == '=';
  });
  if (plain) {
    out += text;
    return;
  }
  out += '"';
  append_escaped(out, text, true);
  out += '"';
}

json::value to_json(const field::value_type& x) {
  return std::visit([](const auto& value) { return json::value(value); }, x);
}

} // namespace

std::string_view to_string(level x) noexcept {
  constexpr std::array<std::string_view, 6> names{"trace", "debug", "info", "warn", "error", "off"};
  return names[static_cast<std::size_t>(x)];
}

sink* exchange_sink(sink* next) noexcept {
  return current_sink.exchange(next, std::memory_order_acq_rel);
}

void set_level(level least) noexcept {
  least_level.store(least, std::memory_order_relaxed);
}

bool enabled(level x) noexcept {
  return x >= least_level.load(std::memory_order_relaxed);
}

void write(level severity, std::string_view event, std::string_view text, fields extra) {
  if (! enabled(severity))
    return;
  auto line = record{severity, event, text, {extra.begin(), extra.size()}};
  if (auto* target = current_sink.load(std::memory_order_acquire)) {
    target->write(line);
    return;
  }
  auto rendered = std::string{to_string(severity)} + ' ' + to_text(line) + '\n';
  std::fwrite(rendered.data(), 1, rendered.size(), stderr);
}

std::string to_text(const record& x) {
  std::string out{x.event};
  out += ' ';
  append_escaped(out, x.text, false);
  for (const auto& extra : x.extra) {
    out += ' ';
    out += extra.key;
    out += '=';
    if (const auto* text = std::get_if<std::string_view>(&extra.value))
      append_text_value(out, *text);
    else
      out += json::serialize(to_json(extra.value));
  }
  return out;
}

std::string to_json_members(const record& x) {
  json::object members{{"event", x.event}, {"text", x.text}};
  for (const auto& extra : x.extra)
    members[extra.key] = to_json(extra.value);
  auto whole = json::serialize(members);
  return whole.substr(1, whole.size() - 2);
}

} // namespace atrium::log
