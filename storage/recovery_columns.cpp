#include "storage/recovery_columns.hpp"

#include "schema/json_text.hpp"
#include "storage/sqlite_error.hpp"

namespace atrium::storage {

namespace {

constexpr std::uint8_t compress_flag = 1;
constexpr std::size_t length_bytes = 4;

[[noreturn]] void damaged() {
  sqlite::raise_corrupt("recovery.db: a row is not what was written");
}

json::array array_of(std::string_view column) {
  auto x = parse_json(column);
  if (! x || ! x->is_array())
    damaged();
  return std::move(x->as_array());
}

std::string text_of(const json::value& x) {
  if (! x.is_string())
    damaged();
  return std::string{std::string_view{x.get_string()}};
}

std::uint64_t number_of(const json::value& x) {
  if (! x.is_int64() && ! x.is_uint64())
    damaged();
  return x.to_number<std::uint64_t>();
}

/// The two elements of a pair.
const json::array& pair_of(const json::value& x) {
  if (! x.is_array() || x.get_array().size() != 2)
    damaged();
  return x.get_array();
}

std::string text(const json::array& x) {
  std::string out;
  append_json(out, x);
  return out;
}

void append_part(std::string& out, const frame_part& x) {
  auto payload = x.payload();
  out.push_back(x.binary ? '\1' : '\0');
  for (std::size_t i = 0; i < length_bytes; ++i)
    out.push_back(static_cast<char>((payload.size() >> (8 * i)) & 0xff));
  out.append(payload);
}

frame_part take_part(std::string_view& from) {
  if (from.size() < 1 + length_bytes)
    damaged();
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length |= std::size_t{static_cast<std::uint8_t>(from[1 + i])} << (8 * i);
  auto binary = from[0] != '\0';
  from.remove_prefix(1 + length_bytes);
  if (from.size() < length)
    damaged();
  auto result = make_frame_part(from.substr(0, length), binary);
  from.remove_prefix(length);
  return result;
}

} // namespace

std::string to_column(const std::vector<std::string>& names) {
  json::array all;
  for (auto& x : names)
    all.emplace_back(x);
  return text(all);
}

std::string to_column(const std::vector<saved_topic>& watches) {
  json::array all;
  for (auto& x : watches)
    all.push_back(json::array{x.channel, x.text});
  return text(all);
}

std::string to_column(const std::vector<run_mark>& runs) {
  json::array all;
  for (auto& x : runs)
    all.push_back(json::array{x.run, x.dropped});
  return text(all);
}

std::string to_column(const frame& x) {
  std::string out;
  out.push_back(static_cast<char>(x.compress ? compress_flag : 0));
  append_part(out, x.head);
  for (auto& part : x.attachments)
    append_part(out, part);
  return out;
}

std::vector<std::string> names_of(std::string_view column) {
  std::vector<std::string> result;
  for (auto& x : array_of(column))
    result.push_back(text_of(x));
  return result;
}

std::vector<saved_topic> watches_of(std::string_view column) {
  std::vector<saved_topic> result;
  for (auto& x : array_of(column)) {
    auto& pair = pair_of(x);
    result.push_back({static_cast<std::uint8_t>(number_of(pair[0])), text_of(pair[1])});
  }
  return result;
}

std::vector<run_mark> runs_of(std::string_view column) {
  std::vector<run_mark> result;
  for (auto& x : array_of(column)) {
    auto& pair = pair_of(x);
    result.push_back({number_of(pair[0]), number_of(pair[1])});
  }
  return result;
}

frame_ptr frame_of(std::string_view column) {
  if (column.empty())
    damaged();
  auto result = std::make_shared<frame>();
  result->compress = (static_cast<std::uint8_t>(column[0]) & compress_flag) != 0;
  column.remove_prefix(1);
  result->head = take_part(column);
  while (! column.empty())
    result->attachments.push_back(take_part(column));
  return result;
}

} // namespace atrium::storage
