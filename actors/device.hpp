#pragma once

#include "actors/interfaces.hpp"
#include "actors/journal_gauge.hpp"
#include "schema/state_rules.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace atrium {

/// Now, as states are stamped with; may be called on any thread.
using wall_clock = std::function<epoch_ms()>;

/// The clock of the machine.
epoch_ms system_wall_clock();

struct device_options {
  /// How long an adapter may take to accept a command.
  std::chrono::milliseconds confirm_timeout{5'000};
  wall_clock now = system_wall_clock;
};

/// Keeps the `latest` value of each state, which writes are merged with, and remembers the
/// committed one while appends are on their way, to fall back to. A command waits until the adapter
/// has accepted it; later writes by clients to the same state wait behind it, so that they become
/// durable in their order. What the adapter reports overtakes them.
class device_state {
public:
  static constexpr auto name = "hub.device";

  explicit device_state(device_actor::pointer self) noexcept : self_{self} {
  }

  /// Whoever still waits for an answer gets an error.
  ~device_state();

  device_actor::behavior_type
  make_behavior(device_options options, journal_actor journal, journal_gauge_ptr gauge);

private:
  using promise = caf::typed_response_promise<sequence>;
  using time_point = caf::actor_clock::time_point;

  struct cell {
    std::optional<state> latest;
    std::uint32_t in_flight = 0;
    /// Meaningful while something is in flight.
    std::optional<state> committed;
  };

  struct waiting_write {
    std::uint64_t ticket;
    bool accepted;
    time_point deadline;
    state_write write;
    double step;
    promise answer;
  };

  caf::result<sequence> write(write_request& x, write_route& route);
  cell& cell_of(const std::string& id, const state_ptr& seed);
  storage::write take(const std::string& id, cell& at, state_write write, double step);
  caf::result<sequence> wait(write_request& x, write_route& route, const cell& at);
  void command(const write_request& x, const write_route& route, const cell& at);
  void accept(const std::string& id, std::uint64_t ticket);
  void refuse(const std::string& id, std::uint64_t ticket, const caf::error& why);
  void append_accepted(const std::string& id);
  void committed(const commit_batch& batch, const batch_places& places);
  void fall_back(append_generation refused);
  void release(const std::string& prefix);
  void refuse_overdue();
  void arm();

  device_actor::pointer self_;
  device_options options_;
  journal_actor journal_;
  journal_gauge_ptr gauge_;
  append_generation generation_ = 1;
  std::uint64_t last_ticket_ = 0;
  bool armed_ = false;
  std::unordered_map<std::string, cell> cells_;
  std::unordered_map<std::string, std::deque<waiting_write>> waiting_;
};

device_actor::behavior_type
device(device_actor::stateful_pointer<device_state> self, device_options options,
       journal_actor journal, journal_gauge_ptr gauge);

} // namespace atrium
