#pragma once

#include "actors/device.hpp"
#include "actors/interfaces.hpp"
#include "net/iobroker/answer.hpp"
#include "schema/pattern.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace atrium::net::iobroker {

/// What a client can hear of.
enum class subject : std::uint8_t { states, objects };

/// Where the subscriptions of one client go: the lane of its namespace. Used on the client's
/// worker. Once a call returns, everything that is written later is seen by it, or no more.
class subscriptions {
public:
  virtual ~subscriptions() = default;
  virtual void subscribe(subject what, const pattern& x) = 0;
  virtual void unsubscribe(subject what, const pattern& x) = 0;
};

/// Whom commands ask, the same for all clients.
struct command_hub {
  catalog_actor catalog;
  reader_actor readers;
  /// When a command is answered with "timeout"; clients give up after 30 s.
  std::chrono::milliseconds deadline{30'000};
  wall_clock now = system_wall_clock;
  /// Patterns that one client may subscribe to, of states and objects together.
  std::size_t subscriptions_per_connection_max = 10'000;
  /// Values that one answer of `getHistory` may hold.
  std::size_t query_values_max = 100'000;
  /// What `getVersion` answers. Clients ask for rights over Socket.IO only from 4.1.2 on.
  std::string version = "4.2.0";
  std::string adapter_name = "ws";
};

/// One client as the commands see it. Lives on the client's worker; the coroutines of its commands
/// keep it alive.
class session {
public:
  session(std::shared_ptr<const command_hub> hub, writer who, bool secure,
          std::shared_ptr<subscriptions> subscriptions);

  const command_hub& hub() const noexcept {
    return *hub_;
  }

  /// Who its writes come from.
  const writer& who() const noexcept {
    return who_;
  }

  /// Whether it had to prove who it is.
  bool secure() const noexcept {
    return secure_;
  }

  /// The name that the client gave itself, for people.
  const std::string& name() const noexcept {
    return name_;
  }
  void name(std::string x) {
    name_ = std::move(x);
  }

  /// Subscribes to a pattern, once however often it is asked to.
  /// @returns false when the client has as many as it may have.
  bool subscribe(subject what, const pattern& x);

  void unsubscribe(subject what, const pattern& x);

  /// A subscription that stands already, of a client that was recovered.
  void resume(subject what, const pattern& x);

private:
  std::shared_ptr<const command_hub> hub_;
  writer who_;
  bool secure_;
  std::shared_ptr<subscriptions> subscriptions_;
  std::set<std::pair<subject, std::string>> patterns_;
  std::string name_;
};

using session_ptr = std::shared_ptr<session>;

} // namespace atrium::net::iobroker
