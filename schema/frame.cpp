#include "schema/frame.hpp"

namespace atrium {

std::string websocket_header(bool binary, std::size_t payload_bytes) {
  std::string out;
  out.push_back(static_cast<char>(binary ? 0x82 : 0x81));
  if (payload_bytes < 126) {
    out.push_back(static_cast<char>(payload_bytes));
    return out;
  }
  auto width = payload_bytes < 65536 ? 2 : 8;
  out.push_back(static_cast<char>(width == 2 ? 126 : 127));
  for (auto shift = 8 * (width - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(payload_bytes) >> shift) & 0xff));
  return out;
}

frame_part make_frame_part(std::string_view payload, bool binary) {
  frame_part part;
  part.bytes = websocket_header(binary, payload.size());
  part.header_bytes = static_cast<std::uint8_t>(part.bytes.size());
  part.bytes.append(payload);
  part.binary = binary;
  return part;
}

} // namespace atrium
