#include "config/field.hpp"

#include "config/rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace atrium::config {

namespace {

constexpr std::array<std::string_view, 6> level_words{"trace", "debug", "info",
                                                      "warn",  "error", "off"};
constexpr std::array<std::string_view, 2> format_words{"text", "json"};
constexpr std::array<std::string_view, 2> auth_words{"token", "off"};
constexpr std::array<std::string_view, 3> client_certificate_words{"none", "optional", "required"};
constexpr std::array<std::string_view, 2> publish_words{"after_commit", "immediately"};
constexpr std::array<std::string_view, 2> synchronous_words{"normal", "full"};

constexpr std::uint64_t day_ms = 86'400'000;
constexpr std::uint64_t rows_most = 1'000'000'000;
constexpr std::uint64_t bytes_most = std::uint64_t{1} << 40;

/// Binds an enumeration whose values are the positions of `words`.
template <class Enum>
choice_target choice(Enum& value, std::span<const std::string_view> words) {
  auto* target = &value;
  return {words, [target](std::size_t i) { *target = static_cast<Enum>(i); },
          [target] { return static_cast<std::size_t>(*target); }};
}

number_target number(std::uint64_t& value, std::uint64_t least, std::uint64_t most) {
  return {&value, least, most};
}

void append_program(std::vector<field>& out, options& o) {
  auto& access = o.access;
  out.insert(out.end(), {{"listen", &o.listen},
                         {"data", text_target{&o.data, rules::not_empty}},
                         {"workers", number(o.workers, 0, 256)},
                         {"auth", choice(access.auth, auth_words)},
                         {"token", text_target{&access.token, rules::token}},
                         {"token_file", text_target{&access.token_file, rules::anything}},
                         {"allowed_origins", list_target{&access.allowed_origins, rules::origin}},
                         {"allowed_hosts", list_target{&access.allowed_hosts, rules::host}},
                         {"log.level", choice(o.log.level, level_words)},
                         {"log.format", choice(o.log.format, format_words)}});
}

void append_tls(std::vector<field>& out, tls_options& o) {
  out.insert(out.end(),
             {{"tls.certificate_file", text_target{&o.certificate_file, rules::anything}},
              {"tls.key_file", text_target{&o.key_file, rules::anything}},
              {"tls.client_ca_file", text_target{&o.client_ca_file, rules::anything}},
              {"tls.client_certificate", choice(o.client_certificate, client_certificate_words)}});
}

void append_socketio(std::vector<field>& out, socketio_options& o) {
  out.insert(
    out.end(),
    {{"socketio.path", text_target{&o.path, rules::url_path}},
     {"socketio.ping_interval_ms", number(o.ping_interval_ms, 1, day_ms)},
     {"socketio.ping_timeout_ms", number(o.ping_timeout_ms, 1, day_ms)},
     {"socketio.upgrade_timeout_ms", number(o.upgrade_timeout_ms, 1, day_ms)},
     {"socketio.connect_timeout_ms", number(o.connect_timeout_ms, 1, day_ms)},
     {"socketio.max_http_buffer_bytes", number(o.max_http_buffer_bytes, 1, std::uint64_t{1} << 30)},
     {"socketio.transports", list_target{&o.transports, rules::transport}},
     {"socketio.allow_upgrades", &o.allow_upgrades},
     {"socketio.http_compression_threshold_bytes",
      number(o.http_compression_threshold_bytes, 0, bytes_most)},
     {"socketio.per_message_deflate", &o.per_message_deflate},
     {"socketio.allow_eio3", &o.allow_eio3},
     {"socketio.serve_client", &o.serve_client},
     {"socketio.client_folder", text_target{&o.client_folder, rules::anything}},
     {"socketio.attachments_max", number(o.attachments_max, 0, 10'000)},
     {"socketio.attachment_bytes_max", number(o.attachment_bytes_max, 0, bytes_most)},
     {"socketio.json_depth_max", number(o.json_depth_max, 1, 10'000)}});
}

void append_limits(std::vector<field>& out, limits_options& o) {
  constexpr std::uint64_t count_most = 10'000'000;
  out.insert(
    out.end(),
    {{"limits.connections_max", number(o.connections_max, 1, count_most)},
     {"limits.handshakes_per_address_max", number(o.handshakes_per_address_max, 1, count_most)},
     {"limits.unclaimed_sessions_max", number(o.unclaimed_sessions_max, 1, count_most)},
     {"limits.packets_per_second_max", number(o.packets_per_second_max, 0, bytes_most)},
     {"limits.bytes_per_second_max", number(o.bytes_per_second_max, 0, bytes_most)},
     {"limits.http_header_bytes_max", number(o.http_header_bytes_max, 1'024, 1'048'576)},
     {"limits.http_header_ms", number(o.http_header_ms, 1, day_ms)},
     {"limits.http_body_ms", number(o.http_body_ms, 1, day_ms)},
     {"limits.http_write_ms", number(o.http_write_ms, 1, day_ms)},
     {"limits.http_idle_ms", number(o.http_idle_ms, 1, day_ms)},
     {"limits.outbox_high_water_bytes", number(o.outbox_high_water_bytes, 1, bytes_most)},
     {"limits.outbox_bytes_max", number(o.outbox_bytes_max, 1, bytes_most)},
     {"limits.events_in_flight_max", number(o.events_in_flight_max, 1, count_most)},
     {"limits.acks_waiting_max", number(o.acks_waiting_max, 1, count_most)},
     {"limits.subscriptions_per_connection_max",
      number(o.subscriptions_per_connection_max, 1, count_most)},
     {"limits.confirm_timeout_ms", number(o.confirm_timeout_ms, 1, day_ms)},
     {"limits.query_values_max", number(o.query_values_max, 1, count_most)}});
}

void append_recovery(std::vector<field>& out, recovery_options& o) {
  constexpr std::uint64_t count_most = 10'000'000;
  out.push_back({"recovery.enabled", &o.enabled});
  out.push_back({"recovery.max_disconnection_ms", number(o.max_disconnection_ms, 1, day_ms)});
  out.push_back({"recovery.skip_middlewares", &o.skip_middlewares});
  out.push_back({"recovery.packets_max", number(o.packets_max, 1, count_most)});
  out.push_back({"recovery.bytes_max", number(o.bytes_max, 1, bytes_most)});
  out.push_back({"recovery.sessions_max", number(o.sessions_max, 1, count_most)});
}

void append_storage_and_stop(std::vector<field>& out, options& o) {
  auto& journal = o.journal;
  auto& history = o.history;
  out.insert(out.end(),
             {{"journal.publish", choice(journal.publish, publish_words)},
              {"journal.synchronous", choice(journal.synchronous, synchronous_words)},
              {"journal.queue_max", number(journal.queue_max, 1, 10'000'000)},
              {"journal.queue_bytes_max", number(journal.queue_bytes_max, 1, bytes_most)},
              {"journal.batch_max", number(journal.batch_max, 1, 1'000'000)},
              {"history.retention_days", number(history.retention_days, 0, 36'500)},
              {"history.rows_per_state_max", number(history.rows_per_state_max, 0, rows_most)},
              {"history.fold_interval_ms", number(history.fold_interval_ms, 1, day_ms)},
              {"history.readers", number(history.readers, 1, 64)},
              // The stage around it has 3 s, see actors/stop_order.hpp.
              {"stop.clients_ms", number(o.stop.clients_ms, 0, 2'500)}});
}

std::string quoted_list(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      out += i + 1 == words.size() ? " or " : ", ";
    out.append("\"").append(words[i]).append("\"");
  }
  return out;
}

std::string describe(const raw_value& value) {
  if (const auto* flag = std::get_if<bool>(&value))
    return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return std::to_string(*whole);
  if (const auto* text = std::get_if<std::string>(&value))
    return "\"" + *text + "\"";
  return std::holds_alternative<std::monostate>(value) ? "this kind of value" : "a list";
}

/// Stores a checked value in one kind of target; each returns what is wrong, or nothing.
struct assigner {
  const raw_value& value;

  [[nodiscard]] std::string refuse(const std::string& wanted) const {
    return "must be " + wanted + ", not " + describe(value);
  }

  std::string operator()(bool* target) const {
    const auto* flag = std::get_if<bool>(&value);
    if (flag == nullptr)
      return refuse("true or false");
    *target = *flag;
    return {};
  }

  std::string operator()(const number_target& target) const {
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole == nullptr || *whole < 0 || static_cast<std::uint64_t>(*whole) < target.least
        || static_cast<std::uint64_t>(*whole) > target.most)
      return refuse("a whole number from " + std::to_string(target.least) + " to "
                    + std::to_string(target.most));
    *target.value = static_cast<std::uint64_t>(*whole);
    return {};
  }

  std::string operator()(const text_target& target) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr)
      return refuse("a text");
    auto wrong = target.rule(*text);
    if (wrong.empty())
      *target.value = *text;
    return wrong;
  }

  std::string operator()(const list_target& target) const {
    const auto* list = std::get_if<std::vector<std::string>>(&value);
    if (list == nullptr)
      return refuse("a list of texts");
    for (const auto& text : *list)
      if (auto wrong = target.rule(text); ! wrong.empty())
        return wrong;
    *target.value = *list;
    return {};
  }

  std::string operator()(const choice_target& target) const {
    const auto* text = std::get_if<std::string>(&value);
    auto i = text == nullptr ? target.words.end() : std::ranges::find(target.words, *text);
    if (i == target.words.end())
      return refuse(quoted_list(target.words));
    target.pick(static_cast<std::size_t>(i - target.words.begin()));
    return {};
  }

  std::string operator()(endpoint* target) const {
    const auto* text = std::get_if<std::string>(&value);
    auto parsed = text == nullptr ? result<endpoint>{errc::invalid_config} : parse_endpoint(*text);
    if (! parsed)
      return refuse("\"ADDRESS:PORT\" with an IP address, as in \"127.0.0.1:8080\"");
    *target = *parsed;
    return {};
  }
};

} // namespace

std::vector<field> fields_of(options& target) {
  std::vector<field> out;
  append_program(out, target);
  append_tls(out, target.tls);
  append_socketio(out, target.socketio);
  append_limits(out, target.limits);
  append_recovery(out, target.recovery);
  append_storage_and_stop(out, target);
  return out;
}

std::string environment_name(std::string_view key) {
  std::string out = "ATRIUM_";
  for (auto c : key)
    out += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

raw_value read_text(const field& x, const std::string& text) {
  if (std::holds_alternative<bool*>(x.target) && (text == "true" || text == "false"))
    return text == "true";
  if (std::holds_alternative<number_target>(x.target)) {
    std::int64_t whole = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error == std::errc{} && end == text.data() + text.size())
      return whole;
  }
  if (std::holds_alternative<list_target>(x.target)) {
    std::vector<std::string> list;
    for (std::size_t begin = 0; begin < text.size();) {
      auto end = std::min(text.find(',', begin), text.size());
      list.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return list;
  }
  return text;
}

std::string assign(const field& x, const raw_value& value) {
  return std::visit(assigner{value}, x.target);
}

json::value value_of(const field& x) {
  struct {
    json::value operator()(const bool* target) const {
      return *target;
    }
    json::value operator()(const number_target& target) const {
      return *target.value;
    }
    json::value operator()(const text_target& target) const {
      return json::string(*target.value);
    }
    json::value operator()(const list_target& target) const {
      return json::value_from(*target.value);
    }
    json::value operator()(const choice_target& target) const {
      return json::string(target.words[target.picked()]);
    }
    json::value operator()(const endpoint* target) const {
      return json::string(to_string(*target));
    }
  } reader;
  return std::visit(reader, x.target);
}

} // namespace atrium::config
