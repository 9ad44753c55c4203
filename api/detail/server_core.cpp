#include "api/detail/server_core.hpp"

#include "actors/namespace.hpp"
#include "api/detail/client.hpp"
#include "net/engine/client_files.hpp"
#include "schema/log.hpp"

#include <caf/send.hpp>

#include <mutex>

namespace atrium::api::detail {

namespace {

std::unique_ptr<runtime::system> make_system(std::size_t workers) {
  runtime::system_options options;
  options.workers = workers;
  options.each.on_error = [](std::string_view where, std::string_view what) {
    log::error("exception", what, {{"where", where}});
  };
  return std::make_unique<runtime::system>(std::move(options));
}

std::unique_ptr<client> welcome(server_core& owner, net::engine::session& link) {
  auto out = std::make_unique<client>(owner, link);
  if (out->legacy())
    out->join_main();
  return out;
}

} // namespace

server_core::server_core(server_options options_, std::size_t workers)
  : options{std::move(options_)},
    own_system_{make_system(workers)},
    system{*own_system_} {
  counts_ = std::vector<counters>(system.workers());
  of("/");
}

server_core::server_core(runtime::system& system_, server_options options_)
  : options{std::move(options_)},
    system{system_} {
  counts_ = std::vector<counters>(system.workers());
  of("/");
}

server_core::~server_core() {
  end_namespaces();
}

std::shared_ptr<namespace_core> server_core::find(std::string_view name) const {
  std::shared_lock guard{mutex_};
  auto i = namespaces_.find(name);
  return i == namespaces_.end() ? nullptr : i->second;
}

std::shared_ptr<namespace_core> server_core::of(std::string_view name) {
  auto full = name.starts_with('/') ? std::string{name} : "/" + std::string{name};
  std::unique_lock guard{mutex_};
  auto& x = namespaces_[full];
  if (! x) {
    auto& home = system.at(next_home_++ % system.workers());
    x = std::make_shared<namespace_core>(*this, full, spawn_namespace(home, full));
  }
  return x;
}

std::vector<namespace_actor> server_core::lanes() const {
  std::vector<namespace_actor> out;
  const std::shared_lock guard{mutex_};
  for (auto& [name, x] : namespaces_)
    out.push_back(x->lane);
  return out;
}

void server_core::end_namespaces() {
  std::unique_lock guard{mutex_};
  for (auto& [name, x] : namespaces_)
    caf::anon_send_exit(x->lane, caf::exit_reason::user_shutdown);
}

net::engine_route server_core::route() {
  net::engine_route result;
  result.options = options.engine;
  if (! options.client_folder.empty()) {
    result.options.client = net::engine::client_files::load(options.client_folder);
    if (! result.options.client)
      log::info("client-not-served", "there are no client bundles, so pages must bring their own",
                {{"folder", options.client_folder}});
  }
  result.accept
    = [self = shared_from_this()](net::engine::session& link) -> std::unique_ptr<client> {
    auto& limits = self->options;
    auto& counts = self->counts(link.home().index());
    switch (self->unclaimed.enter(link.request().remote_address, limits.handshakes_per_address_max,
                                  limits.unclaimed_sessions_max)) {
      case newcomers::verdict::welcome: return welcome(*self, link);
      case newcomers::verdict::address_full: counts.address_refused.add(); break;
      case newcomers::verdict::full: counts.unclaimed_refused.add(); break;
    }
    return nullptr;
  };
  return result;
}

} // namespace atrium::api::detail
