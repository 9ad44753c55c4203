// How fast the codecs are on one thread: one JSON object for each codec, direction and message,
// with the bytes of its wire, nanoseconds for each and megabytes a second. Every decoder builds its
// value in an arena, as the hub's do.

#include "bench/support/measure.hpp"
#include "schema/engine_payload.hpp"
#include "schema/frame_codec.hpp"
#include "schema/msgpack.hpp"
#include "schema/socket_packet.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace atrium;
using bench::keep;
using bench::measure;

/// A message that clients and the hub send each other.
struct sample {
  std::string_view name;
  payload event;
};

std::vector<sample> make_samples() {
  auto change = json::parse(R"(["stateChange","demo.0.livingroom.temperature",
    {"val":21.5,"ack":true,"ts":1700000000123,"lc":1700000000123,"q":0,
     "from":"system.adapter.demo.0","user":"system.user.admin"}])");
  auto states = json::object{};
  for (auto n = 0; n < 100; ++n)
    states["demo.0.device" + std::to_string(n) + ".value"] = change.as_array()[2];
  return {
    {"echo", {{"echo", std::string(64, 'x')}, {}}},
    {"state_change", {change.as_array(), {}}},
    {"hundred_states", {{"states", states}, {}}},
    {"text_4k", {{"note", std::string(4096, 'x')}, {}}},
  };
}

/// What the wire calls a placeholder for the first of two kilobytes of binary.
payload make_binary_event() {
  return {{"image", {{"_placeholder", true}, {"num", 0}}}, {std::string(2048, '\x7f')}};
}

/// Decodes in an arena whose memory is used again and again.
template <class Decode>
void measure_decode(std::string_view name, std::string_view wire, Decode decode) {
  static std::array<unsigned char, std::size_t{256} * 1024> memory;
  measure(name, wire.size(), [wire, decode] {
    json::monotonic_resource arena{memory.data(), memory.size()};
    keep(decode(wire, json::storage_ptr{&arena}).value());
  });
}

/// Encodes into a string that keeps its memory. @returns what was written.
template <class Encode>
std::string measure_encode(std::string_view name, Encode encode) {
  std::string out;
  encode(out);
  measure(name, out.size(), [&out, encode] {
    out.clear();
    encode(out);
    keep(out);
  });
  return out;
}

void measure_socket_packets(const sample& x) {
  auto name = std::string{x.name};
  auto text = measure_encode("socket_packet_encode_" + name,
                             [&x](std::string& out) { keep(encode_event(out, "/", 7, x.event)); });
  measure_decode("socket_packet_decode_" + name, text,
                 [](std::string_view wire, json::storage_ptr sp) {
                   return decode_socket_packet(wire, {}, std::move(sp));
                 });
  measure("frame_" + name, text.size(), [&x] { keep(make_event_frame("/", 7, x.event)); });
}

void measure_msgpack_packets(const sample& x) {
  auto name = std::string{x.name};
  auto bytes = measure_encode("msgpack_packet_encode_" + name, [&x](std::string& out) {
    encode_event_msgpack(out, "/", 7, x.event);
  });
  measure_decode("msgpack_packet_decode_" + name, bytes,
                 [](std::string_view wire, json::storage_ptr sp) {
                   return decode_socket_packet_msgpack(wire, {}, std::move(sp));
                 });
}

void measure_msgpack_values(const sample& x) {
  auto name = std::string{x.name};
  auto bytes = measure_encode("msgpack_encode_" + name,
                              [&x](std::string& out) { append_msgpack(out, x.event.args); });
  measure_decode("msgpack_decode_" + name, bytes, [](std::string_view wire, json::storage_ptr sp) {
    std::vector<std::string> attachments;
    return decode_msgpack(wire, attachments, {}, std::move(sp));
  });
}

/// Polling bodies of 64 packets.
void measure_engine_payload(std::string_view name, std::string_view packet, bool binary) {
  constexpr auto packets = 64;
  auto suffix = std::string{name};
  auto body
    = measure_encode("engine_payload_encode_64_" + suffix, [packet, binary](std::string& out) {
        for (auto n = 0; n < packets; ++n)
          append_to_payload(out, packet, binary);
      });
  measure("engine_payload_decode_64_" + suffix, body.size(), [&body] {
    payload_reader reader{body};
    while (auto next = reader.next())
      keep(*next);
    if (reader.failed())
      throw std::runtime_error{"a payload could not be read"};
  });
}

void measure_binary_event() {
  auto event = make_binary_event();
  auto text = measure_encode("socket_packet_encode_binary_2k", [&event](std::string& out) {
    keep(encode_event(out, "/", std::nullopt, event));
  });
  measure_decode("socket_packet_decode_binary_2k", text,
                 [](std::string_view wire, json::storage_ptr sp) {
                   return decode_socket_packet(wire, {}, std::move(sp));
                 });
  measure_msgpack_packets({"binary_2k", event});
  measure_engine_payload("binary_2k", event.attachments.front(), true);
}

void measure_all() {
  for (const auto& x : make_samples()) {
    measure_socket_packets(x);
    measure_msgpack_values(x);
    measure_msgpack_packets(x);
    std::string packet = "4";
    keep(encode_event(packet, "/", 7, x.event));
    measure_engine_payload(x.name, packet, false);
  }
  measure_binary_event();
}

} // namespace

int main() {
  try {
    measure_all();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
