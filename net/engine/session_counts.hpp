#pragma once

#include "net/engine/options.hpp"
#include "net/engine/session_port.hpp"
#include "net/traffic.hpp"

namespace atrium::net::engine {

/// Counts what happens to one session in the figures of its worker, which it refers to. Made anew
/// for each thing that happens. Used on that worker.
class session_counts {
public:
  /// @param over carries the session now.
  session_counts(traffic& to, transport over, int protocol) noexcept
    : all_{to},
      over_{over},
      v3_{protocol == 3} {
  }

  void opened() const noexcept {
    all_.sessions_opened.add();
    on(over_).sessions[v3_].add();
  }
  void upgraded() const noexcept {
    all_.upgrades.add();
    on(transport::polling).sessions[v3_].sub();
    on(transport::websocket).sessions[v3_].add();
  }
  void closed(actors::close_reason why, std::string_view description) const noexcept {
    all_.sessions_closed[static_cast<std::size_t>(why)].add();
    if (description == outbox_overflow)
      all_.outbox_overflows.add();
    on(over_).sessions[v3_].sub();
  }

  // What comes may come over the transport that does not carry the session yet, or any more.

  void received(transport over, std::size_t packets, std::size_t bytes) const noexcept {
    on(over).packets_received.add(packets);
    on(over).bytes_received.add(bytes);
  }
  void oversize(transport over) const noexcept {
    on(over).oversize.add();
  }
  void sent(std::size_t packets) const noexcept {
    on(over_).packets_sent.add(packets);
  }
  void answered(std::size_t bytes) const noexcept {
    on(transport::polling).bytes_sent.add(bytes);
  }
  void dropped_volatile() const noexcept {
    all_.volatile_dropped.add();
  }

private:
  [[nodiscard]] traffic::flow& on(transport x) const noexcept {
    return all_.by_transport[static_cast<std::size_t>(x)];
  }

  traffic& all_;
  transport over_;
  bool v3_;
};

} // namespace atrium::net::engine
