#include "bench/support/conversation.hpp"

#include "bench/support/latencies.hpp"

#include <charconv>

namespace bench {

namespace {

constexpr auto ack_prefix = std::string_view{"43"};

// The id of a write is the time, which comes round after a quarter of an hour, and a serial number;
// it stays within what a double holds exactly, for servers in JavaScript.
constexpr auto time_span_us = std::uint64_t{1'000'000'000};
constexpr auto serials = std::uint64_t{1'000};

std::uint64_t clock_us() {
  return static_cast<std::uint64_t>(now_us());
}

/// The number that `text` starts with.
std::uint64_t leading_number(std::string_view text) {
  auto result = std::uint64_t{0};
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

} // namespace

void echo_conversation::write_request(std::string& packet) {
  packet.assign("42").append(std::to_string(next_id_++)).append("[\"echo\",\"");
  packet.append(std::to_string(clock_us())).append("|").append(padding_).append("\"]");
}

std::optional<double> echo_conversation::read_ack(std::string_view packet) {
  constexpr auto before_text = std::string_view{"[\""};
  auto at = packet.find(before_text);
  if (! packet.starts_with(ack_prefix) || at == std::string_view::npos)
    return std::nullopt;
  return static_cast<double>(clock_us() - leading_number(packet.substr(at + before_text.size())));
}

void set_conversation::write_request(std::string& packet) {
  auto id = clock_us() % time_span_us * serials + counter_ % serials;
  packet.assign("42").append(std::to_string(id)).append("[\"setState\",\"bench.0.s");
  packet.append(std::to_string(counter_ % states_)).append("\",{\"val\":");
  packet.append(std::to_string(counter_)).append(",\"ack\":true}]");
  ++counter_;
}

std::optional<double> set_conversation::read_ack(std::string_view packet) {
  if (! packet.starts_with(ack_prefix))
    return std::nullopt;
  if (packet.find("[null") == std::string_view::npos)
    ++refused_;
  auto sent = leading_number(packet.substr(ack_prefix.size())) / serials;
  return static_cast<double>((clock_us() + time_span_us - sent) % time_span_us);
}

} // namespace bench
