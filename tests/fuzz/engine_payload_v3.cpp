#include "schema/engine_payload_v3.hpp"

#include "schema/utf8.hpp"
#include "tests/fuzz/check.hpp"

#include <tuple>
#include <vector>

using namespace atrium;

namespace {

struct packet {
  std::string bytes;
  bool binary = false;

  friend bool operator==(const packet&, const packet&) = default;
};

struct reading {
  std::vector<packet> packets;
  bool failed = false;
};

reading read(std::string_view body, bool framed) {
  reading out;
  auto reader = payload_reader_v3{body, framed};
  while (auto view = reader.next()) {
    packet one;
    one.binary = view->binary;
    if (view->binary)
      one.bytes = view->data;
    else
      append_engine_packet(one.bytes, view->type, view->data);
    fuzz::check(one.binary || is_valid_utf8(one.bytes));
    out.packets.push_back(std::move(one));
  }
  out.failed = reader.failed();
  return out;
}

} // namespace

/// The first byte chooses the form of the body. What was read, written in either form, reads the
/// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  auto framed = data[0] % 2 == 1;
  auto input = fuzz::text_of(data + 1, size - 1);
  auto got = read(input, framed);
  std::string text;
  std::string bytes;
  for (const auto& one : got.packets) {
    append_to_payload_v3(text, one.bytes, one.binary);
    append_to_binary_payload_v3(bytes, one.bytes, one.binary);
  }
  if (! got.packets.empty()) {
    fuzz::check(read(text, false).packets == got.packets);
    fuzz::check(read(bytes, true).packets == got.packets);
  }
  std::ignore = decode_engine_binary_v3(input);
  return 0;
}
