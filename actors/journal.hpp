#pragma once

#include "actors/interfaces.hpp"
#include "actors/journal_gauge.hpp"
#include "storage/journal_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstddef>
#include <unordered_map>
#include <vector>

namespace atrium {

struct journal_options {
  /// Writes in one commit, at most.
  std::size_t batch_max = 2'000;
  /// Feeds hear of a change before its commit: faster, but what a client saw may then be lost.
  /// Reads and acks still wait for the commit.
  bool publish_immediately = false;
  /// How soon after a refused commit the journal looks whether it could write again.
  std::chrono::milliseconds retry_interval{1'000};
};

/// Group-commits: whatever arrives while a commit runs shares the next one. A commit that the
/// storage refuses for now (full, read-only) fails its appends, and the next one is tried as usual;
/// without one it looks by itself whether it could write again, so that the gauge says so. After
/// any other failure memory and disk may differ, so it ends with the error, and the hub stops.
class journal_state {
public:
  static constexpr auto name = "hub.journal";

  explicit journal_state(journal_actor::pointer self) noexcept : self_{self} {
  }

  journal_actor::behavior_type
  make_behavior(journal_options options, storage::journal_store_ptr store, sequence last,
                journal_gauge_ptr gauge);

private:
  struct pending_append {
    owner_actor owner;
    append_generation generation;
    storage::write what;
    caf::typed_response_promise<sequence> promise;
  };
  using pending_appends = std::vector<pending_append>;

  caf::result<sequence>
  append(owner_actor& owner, append_generation generation, storage::write& what);
  void commit();
  void succeeded();
  void failed(const storage::failure& why);
  void try_again();
  pending_appends without_refused(pending_appends xs);
  void announce(const pending_appends& xs, const batch_ptr& batch);
  void publish(const batch_ptr& batch);
  void refuse(pending_appends& xs, const caf::error& why);
  void refuse_owner(const pending_append& x);
  void forget_feed(const caf::actor_addr& gone);

  journal_actor::pointer self_;
  journal_options options_;
  storage::journal_store_ptr store_;
  journal_gauge_ptr gauge_;
  sequence last_ = 0;
  bool failing_ = false; // the last commit was refused
  bool armed_ = false;
  pending_appends pending_;
  feed_actor catalog_;
  std::vector<feed_actor> feeds_;
  /// By owner: the last generation that was refused.
  std::unordered_map<caf::actor_id, append_generation> refused_;
};

/// `last` is the last sequence that `store` gave away. Spawn this detached: it blocks on the disk.
journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self, journal_options options,
        storage::journal_store_ptr store, sequence last, journal_gauge_ptr gauge);

} // namespace atrium
