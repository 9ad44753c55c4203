#include "schema/engine_packet.hpp"

#include "schema/base64.hpp"

namespace atrium {

result<engine_packet_view> decode_engine_packet(std::string_view text, std::string& scratch) {
  if (text.empty())
    return errc::malformed;
  auto first = text.front();
  auto rest = text.substr(1);
  if (first >= '0' && first <= '6')
    return engine_packet_view{static_cast<engine_packet_type>(first - '0'), false, rest};
  if (first != 'b')
    return errc::malformed;
  if (auto decoded = decode_base64(scratch, rest); ! decoded)
    return decoded.error();
  return engine_packet_view{engine_packet_type::message, true, scratch};
}

void append_engine_packet(std::string& out, engine_packet_type type, std::string_view text) {
  out.push_back(to_digit(type));
  out.append(text);
}

} // namespace atrium
