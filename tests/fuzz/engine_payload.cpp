#include "schema/engine_payload.hpp"

#include "schema/utf8.hpp"
#include "tests/fuzz/check.hpp"

using namespace atrium;

/// Reads a polling body. What was read, written again, is the body up to where reading stopped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto body = fuzz::text_of(data, size);
  auto reader = payload_reader{body};
  std::string written;
  while (auto packet = reader.next()) {
    fuzz::check(packet->binary || is_valid_utf8(packet->data));
    if (packet->binary) {
      append_to_payload(written, packet->data, true);
    } else {
      std::string text;
      append_engine_packet(text, packet->type, packet->data);
      append_to_payload(written, text, false);
    }
  }
  fuzz::check(body.starts_with(written));
  fuzz::check(reader.failed() || body.size() == written.size());
  fuzz::check(! reader.next().has_value());
  return 0;
}
