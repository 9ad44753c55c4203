#pragma once

#include "schema/engine_packet.hpp"
#include "schema/frame.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace atrium::net::engine {

/// How one session writes its packets; fixed at its handshake.
struct wire {
  int protocol = 4;
  /// Binary data travels as base64 text, on WebSocket too.
  bool base64 = false;

  /// Whether frames go out over a WebSocket as they are.
  [[nodiscard]] bool plain() const noexcept {
    return protocol == 4 && ! base64;
  }
};

/// A body for a polling GET.
struct payload_text {
  std::string body;
  /// Whether it is the framed binary form of protocol 3.
  bool binary = false;
};

/// Joins the packets of `frames`.
payload_text encode_payload(wire how, std::span<const frame_ptr> frames);

/// `x` as a session that is not `plain` sends it over a WebSocket; `x` itself if it is all the
/// same.
frame_ptr encode_for_websocket(wire how, frame_ptr x);

/// Gives the packets of a POST's body to `deliver`, in order, until it returns false.
/// @param framed whether the body is the binary form of protocol 3.
/// @returns whether all that was read could be decoded.
bool decode_payload(wire how, std::string_view body, bool framed,
                    const std::function<bool(const engine_packet_view&)>& deliver);

/// A frame of one text packet.
frame_ptr text_frame(std::string_view packet);

/// The frames that all sessions share. @pre `packet` is one of: 1 2 3 6 3probe.
const frame_ptr& control_frame(std::string_view packet);

/// How many bytes `x` is on a WebSocket.
std::size_t frame_bytes(const frame& x) noexcept;

} // namespace atrium::net::engine
