#include "api/detail/server_core.hpp"

#include "actors/namespace.hpp"
#include "api/detail/client.hpp"
#include "api/detail/guarded.hpp"
#include "schema/log.hpp"

#include <caf/send.hpp>

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
  // The workers end before anything that their last handlers may use.
  ports.clear();
  own_system_.reset();
}

// -- namespaces ---------------------------------------------------------------------------

std::shared_ptr<namespace_core> server_core::find(std::string_view name) const {
  std::shared_lock guard{mutex_};
  auto i = namespaces_.find(name);
  return i == namespaces_.end() ? nullptr : i->second;
}

std::shared_ptr<namespace_core>
server_core::make(std::string name, std::shared_ptr<const namespace_core> parent, bool enter) {
  auto& home = system.at(next_home_++ % system.workers());
  auto is_child = parent != nullptr;
  auto lane = spawn_namespace(home, name);
  auto x = std::make_shared<namespace_core>(*this, name, std::move(lane), std::move(parent));
  if (enter)
    ++x->members;
  newborn_.push_back(x);
  if (name != "/")
    for (auto& f : on_new_namespace_)
      guarded(home, [&] { f(socket_namespace{x}); });
  newborn_.pop_back();
  std::unique_lock guard{mutex_};
  children_ += is_child ? 1 : 0;
  namespaces_.emplace(std::move(name), x);
  return x;
}

std::shared_ptr<namespace_core> server_core::of(std::string_view name) {
  auto full = name.starts_with('/') ? std::string{name} : "/" + std::string{name};
  std::lock_guard guard{making_};
  if (auto x = find(full))
    return x;
  for (auto& x : newborn_)
    if (x->name == full)
      return x;
  for (auto& x : families())
    if (x->matcher.by_name && x->matcher.matches(full, {}))
      return make(std::move(full), x->parent, false);
  return make(std::move(full), nullptr, false);
}

std::shared_ptr<namespace_core> server_core::of(namespace_matcher which) {
  std::unique_lock guard{mutex_};
  auto name = "/_" + std::to_string(families_.size());
  auto parent = std::make_shared<namespace_core>(*this, std::move(name), namespace_actor{});
  families_.push_back(
    std::make_shared<namespace_family>(namespace_family{parent, std::move(which)}));
  return parent;
}

std::vector<std::shared_ptr<namespace_core>>
server_core::children_of(const namespace_core& parent) const {
  std::shared_lock guard{mutex_};
  std::vector<std::shared_ptr<namespace_core>> result;
  for (auto& [name, x] : namespaces_)
    if (x->parent.get() == &parent)
      result.push_back(x);
  return result;
}

void server_core::on_new_namespace(std::function<void(socket_namespace)> f) {
  std::lock_guard guard{making_};
  on_new_namespace_.push_back(std::move(f));
}

// -- sockets ------------------------------------------------------------------------------

std::shared_ptr<namespace_core> server_core::enter(const std::string& name) {
  std::shared_lock guard{mutex_};
  auto i = namespaces_.find(name);
  if (i == namespaces_.end())
    return nullptr;
  // `leave` removes it under the exclusive lock only, and not with this member.
  if (i->second->is_passing())
    ++i->second->members;
  return i->second;
}

std::shared_ptr<namespace_core>
server_core::enter_child(const std::shared_ptr<namespace_core>& parent, const std::string& name) {
  std::lock_guard guard{making_};
  if (auto x = enter(name))
    return x;
  {
    std::shared_lock read{mutex_};
    if (children_ >= options.dynamic_namespaces_max) {
      log::warn("namespaces-full", "a client asked for one more dynamic namespace",
                {{"max", options.dynamic_namespaces_max}});
      return nullptr;
    }
  }
  return make(name, parent, true);
}

void server_core::leave(namespace_core& x) {
  if (! x.is_passing() || --x.members > 0)
    return;
  std::unique_lock guard{mutex_};
  auto i = namespaces_.find(x.name);
  // Somebody may have entered meanwhile, or even left, so that it has been removed already.
  if (x.members > 0 || i == namespaces_.end() || i->second.get() != &x)
    return;
  auto last = std::move(i->second);
  namespaces_.erase(i);
  --children_;
  guard.unlock();
  last->reach().close();
  caf::anon_send_exit(last->lane, caf::exit_reason::user_shutdown);
}

namespace_families server_core::families() const {
  std::shared_lock guard{mutex_};
  return families_;
}

void server_core::end_namespaces() {
  std::shared_lock guard{mutex_};
  for (auto& [name, x] : namespaces_) {
    x->reach().close();
    caf::anon_send_exit(x->lane, caf::exit_reason::user_shutdown);
  }
}

net::engine_route server_core::route() {
  net::engine_route result;
  result.options = options.engine;
  // Not an owner: a worker might be the last, and cannot wait for its own end.
  result.accept = [this](net::engine::session& link) -> std::unique_ptr<client> {
    if (! unclaimed.enter(link.request().remote_address, options.handshakes_per_address_max))
      return nullptr;
    return std::make_unique<client>(*this, link);
  };
  return result;
}

} // namespace atrium::api::detail
