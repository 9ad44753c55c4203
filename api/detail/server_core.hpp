#pragma once

#include "actors/runtime/system.hpp"
#include "api/detail/namespace_core.hpp"
#include "api/detail/newcomers.hpp"
#include "api/options.hpp"
#include "net/server.hpp"

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

  /// Ends every lane, which disconnects what is still there.
  void end_namespaces();

  net::engine_route route();

  const server_options options;
  newcomers unclaimed;

private:
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
  std::vector<std::shared_ptr<namespace_core>> newborn_;                // guarded by making_
  std::vector<std::function<void(socket_namespace)>> on_new_namespace_; // likewise

  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<namespace_core>, std::less<>>
    namespaces_;                // guarded by mutex_
  namespace_families families_; // likewise
  std::size_t children_ = 0;    // likewise
  std::size_t next_home_ = 0;   // guarded by making_
};

} // namespace atrium::api::detail
