#pragma once

#include "actors/runtime/system.hpp"
#include "api/detail/namespace_core.hpp"
#include "api/detail/newcomers.hpp"
#include "api/options.hpp"
#include "net/server.hpp"

#include <atomic>
#include <functional>
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

  /// Ends every lane, which disconnects what is still there. Any thread.
  void end_namespaces();

  net::engine_route route();

  const server_options options;
  /// `options.engine`, and what `api::engine` added to it before the server listened.
  net::engine::options endpoint = options.engine;
  /// Told of each session that opens; likewise.
  std::function<void(net::engine::session&)> on_session;
  /// Sessions that are open.
  std::atomic<std::size_t> clients{0};
  newcomers unclaimed;

private:
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
