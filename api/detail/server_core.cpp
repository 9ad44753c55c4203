#include "api/detail/server_core.hpp"

#include "actors/namespace.hpp"
#include "api/detail/client.hpp"
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

} // namespace

server_core::server_core(server_options options_, std::size_t workers)
  : options{std::move(options_)},
    own_system_{make_system(workers)},
    system{*own_system_} {
  of("/");
}

server_core::server_core(runtime::system& system_, server_options options_)
  : options{std::move(options_)},
    system{system_} {
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

void server_core::end_namespaces() {
  std::unique_lock guard{mutex_};
  for (auto& [name, x] : namespaces_)
    caf::anon_send_exit(x->lane, caf::exit_reason::user_shutdown);
}

net::engine_route server_core::route() {
  net::engine_route result;
  result.options = endpoint;
  result.accept
    = [self = shared_from_this()](net::engine::session& link) -> std::unique_ptr<client> {
    auto most = self->options.handshakes_per_address_max;
    if (! self->unclaimed.enter(link.request().remote_address, most))
      return nullptr;
    if (self->on_session)
      self->on_session(link);
    return std::make_unique<client>(*self, link);
  };
  return result;
}

} // namespace atrium::api::detail
