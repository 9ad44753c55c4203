#pragma once

#include "actors/runtime/system.hpp"
#include "api/detail/counters.hpp"
#include "api/detail/namespace_core.hpp"
#include "api/detail/newcomers.hpp"
#include "api/options.hpp"
#include "net/server.hpp"

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>

namespace atrium::api::detail {

/// A server behind its handles: the namespaces by name, and what serves them.
class server_core : public std::enable_shared_from_this<server_core> {
public:
  server_core(server_options options, std::size_t workers);
  server_core(runtime::system& system, server_options options);
  ~server_core();

  /// The namespace of a name with its leading `/`, or null. Any thread.
  std::shared_ptr<namespace_core> find(std::string_view name) const;
  /// The same, made if it is not there.
  std::shared_ptr<namespace_core> of(std::string_view name);

  /// The lanes of all namespaces. Any thread.
  [[nodiscard]] std::vector<namespace_actor> lanes() const;

  /// What the sockets of a worker have done: changed there, read on any thread.
  [[nodiscard]] counters& counts(std::size_t worker) noexcept {
    return counts_[worker];
  }
  [[nodiscard]] const counters& counts(std::size_t worker) const noexcept {
    return counts_[worker];
  }

  /// Ends every lane, which disconnects what is still there. Any thread.
  void end_namespaces();

  net::engine_route route();

  const server_options options;
  newcomers unclaimed;

private:
  std::vector<counters> counts_; // one for each worker; what dies with the system still counts
  std::unique_ptr<runtime::system> own_system_;

public:
  runtime::system& system;
  std::unique_ptr<net::server> http;

private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<namespace_core>, std::less<>>
    namespaces_;              // guarded by mutex_
  std::size_t next_home_ = 0; // likewise
};

} // namespace atrium::api::detail
