#pragma once

#include "actors/recovery.hpp"
#include "actors/runtime/system.hpp"
#include "api/detail/counters.hpp"
#include "api/detail/namespace_core.hpp"
#include "api/detail/newcomers.hpp"
#include "api/options.hpp"
#include "net/server.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

namespace atrium::api::detail {

/// Which names the children of a parent have. One of the two is set.
struct namespace_matcher {
  std::function<bool(const std::string& name, const json::object& auth)> matches;
  std::function<asio::awaitable<bool>(std::string name, json::object auth)> asks;
  /// Whether a name alone decides, so that `of` finds the parent as well.
  bool by_name = false;
};

/// A parent of dynamic namespaces.
struct namespace_family {
  std::shared_ptr<namespace_core> parent;
  namespace_matcher matcher;
};

using namespace_families = std::vector<std::shared_ptr<const namespace_family>>;

/// A server behind its handles: the namespaces by name, and what serves them. Members may be called
/// on any thread, those that change what it is before it listens.
class server_core {
public:
  server_core(server_options options, std::size_t workers);
  server_core(runtime::system& system, server_options options);
  ~server_core();

  // -- namespaces ------------------------------------------------------------------------

  /// The namespace of a name, with or without its leading `/`; made if it is not there.
  std::shared_ptr<namespace_core> of(std::string_view name);
  /// A new parent; parents are asked in the order in which they were made.
  std::shared_ptr<namespace_core> of(namespace_matcher which);
  std::vector<std::shared_ptr<namespace_core>> children_of(const namespace_core& parent) const;
  /// Told of each namespace but the main one, before a client joins it.
  void on_new_namespace(std::function<void(socket_namespace)> f);

  // -- sockets ---------------------------------------------------------------------------

  /// The namespace that a client names, or null. One that goes with its last socket stays until
  /// `leave`.
  std::shared_ptr<namespace_core> enter(const std::string& name);
  /// The same, made as a child if it is not there; null when there are too many.
  std::shared_ptr<namespace_core>
  enter_child(const std::shared_ptr<namespace_core>& parent, const std::string& name);
  /// A socket that had entered has gone.
  void leave(namespace_core& x);
  /// The parents to ask for a name that is unknown.
  namespace_families families() const;

  /// The lanes of all namespaces. Any thread.
  [[nodiscard]] std::vector<namespace_actor> lanes() const;

  /// What the sockets of a worker have done: changed there, read on any thread.
  [[nodiscard]] counters& counts(std::size_t worker) noexcept {
    return counts_[worker];
  }
  [[nodiscard]] const counters& counts(std::size_t worker) const noexcept {
    return counts_[worker];
  }

  /// Opens the adapters of all namespaces, and of those that are made from now on.
  void open();

  /// Ends every lane, which disconnects what is still there. Any thread.
  void end_namespaces();
  /// Completes when their adapters have ended, too.
  asio::awaitable<void> adapters_closed();

  net::engine_route route();

  const server_options options;
  /// `options.engine` with the client's bundles, and what `api::engine` added to it before the
  /// server listened.
  net::engine::options endpoint;
  /// Told of each session that opens; likewise.
  std::function<void(net::engine::session&)> on_session;
  /// Sessions that are open.
  std::atomic<std::size_t> clients{0};
  newcomers unclaimed;
  /// What became of clients that came back.
  const std::shared_ptr<recovery_counts> recoveries = std::make_shared<recovery_counts>();
  /// How far the file of recovery is behind; null if there is none. Any thread.
  [[nodiscard]] const recovery_backlog* backlog() const noexcept {
    return backlog_.get();
  }

private:
  void begin_recovery();
  /// The lane of a namespace, with what its core knows of recovery.
  namespace_actor spawn_lane(runtime::worker& home, const std::string& name, recovery_link& link);

  std::vector<counters> counts_; // one for each worker; what dies with the system still counts
  std::unique_ptr<runtime::system> own_system_;

public:
  runtime::system& system;
  /// What it listens with, one for each port.
  std::vector<std::unique_ptr<net::server>> ports;

private:
  std::shared_ptr<namespace_core> find(std::string_view name) const;
  std::shared_ptr<namespace_core>
  make(std::string name, std::shared_ptr<const namespace_core> parent, bool enter);

  /// Held while a namespace is made and the program is told, which may ask for it: so that there is
  /// one for each name, and no client finds it unfinished. Locked before `mutex_`.
  mutable std::recursive_mutex making_;
  bool open_ = false;                                                   // guarded by making_
  std::vector<std::shared_ptr<namespace_core>> newborn_;                // likewise
  std::vector<std::function<void(socket_namespace)>> on_new_namespace_; // likewise

  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<namespace_core>, std::less<>>
    namespaces_;                // guarded by mutex_
  namespace_families families_; // likewise
  std::size_t children_ = 0;    // likewise
  std::size_t next_home_ = 0;   // guarded by making_

  // Recovery, if it is on.
  std::map<std::string, storage::saved_namespace> saved_; // guarded by making_
  std::uint64_t run_ = 0;
  std::shared_ptr<recovery_backlog> backlog_; // null: nothing is kept
  recovery_writer_actor writer_;              // likewise; guarded by making_
};

} // namespace atrium::api::detail
