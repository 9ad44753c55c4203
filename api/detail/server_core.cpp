#include "api/detail/server_core.hpp"

#include "actors/namespace.hpp"
#include "actors/recovery_writer.hpp"
#include "api/detail/client.hpp"
#include "api/detail/guarded.hpp"
#include "net/engine/client_files.hpp"
#include "schema/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

namespace atrium::api::detail {

namespace {

/// Beyond the time after which a client that does not answer pings is closed.
constexpr std::chrono::milliseconds notice_slack{2'000};

epoch_ms now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::unique_ptr<runtime::system> make_system(std::size_t workers) {
  runtime::system_options options;
  options.workers = workers;
  options.each.on_error = [](std::string_view where, std::string_view what) {
    log::error("exception", what, {{"where", where}});
  };
  return std::make_unique<runtime::system>(std::move(options));
}

/// The transports' options, with the client's bundles if those are to be served and are there.
net::engine::options endpoint_of(const server_options& x) {
  auto out = x.engine;
  if (x.client_folder.empty())
    return out;
  out.client = net::engine::client_files::load(x.client_folder);
  if (! out.client)
    log::info("client-not-served", "there are no client bundles, so pages must bring their own",
              {{"folder", x.client_folder}});
  return out;
}

std::unique_ptr<client> welcome(server_core& owner, net::engine::session& link) {
  // What the program throws ends the session, which is a newcomer no more.
  auto out = std::make_unique<client>(owner, link);
  if (owner.on_session)
    owner.on_session(link);
  if (out->legacy())
    out->join_main();
  return out;
}

} // namespace

server_core::server_core(server_options options_, std::size_t workers)
  : options{std::move(options_)},
    endpoint{endpoint_of(options)},
    own_system_{make_system(workers)},
    system{*own_system_} {
  counts_ = std::vector<counters>(system.workers());
  begin_recovery();
  of("/");
}

server_core::server_core(runtime::system& system_, server_options options_)
  : options{std::move(options_)},
    endpoint{endpoint_of(options)},
    system{system_} {
  counts_ = std::vector<counters>(system.workers());
  begin_recovery();
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
  recovery_link link;
  auto lane = spawn_lane(home, name, link);
  auto x = std::make_shared<namespace_core>(*this, name, std::move(lane), std::move(parent),
                                            std::move(link));
  if (enter)
    ++x->members;
  newborn_.push_back(x);
  if (name != "/")
    for (auto& f : on_new_namespace_)
      guarded(home, [&] { f(socket_namespace{x}); });
  newborn_.pop_back();
  if (open_)
    x->reach().open();
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

std::vector<namespace_actor> server_core::lanes() const {
  std::vector<namespace_actor> out;
  const std::shared_lock guard{mutex_};
  for (auto& [name, x] : namespaces_)
    out.push_back(x->lane);
  return out;
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

void server_core::open() {
  std::lock_guard one_at_a_time{making_};
  std::shared_lock guard{mutex_};
  open_ = true;
  for (auto& [name, x] : namespaces_)
    x->reach().open();
}

asio::awaitable<void> server_core::adapters_closed() {
  std::vector<std::shared_ptr<namespace_core>> all;
  {
    const std::shared_lock guard{mutex_};
    for (auto& [name, x] : namespaces_)
      all.push_back(x);
  }
  for (auto& x : all)
    co_await x->reach().closed();
}

void server_core::end_namespaces() {
  std::lock_guard one_at_a_time{making_};
  std::shared_lock guard{mutex_};
  for (auto& [name, x] : namespaces_) {
    x->reach().close();
    // As an ordinary message, so that what sockets have told their lanes before is heard.
    caf::anon_send(caf::actor_cast<caf::actor>(x->lane),
                   caf::exit_msg{caf::actor_addr{}, caf::exit_reason::user_shutdown});
  }
  // It waits for the lanes.
  if (writer_)
    caf::anon_send_exit(std::exchange(writer_, nullptr), caf::exit_reason::user_shutdown);
}

// -- recovery --------------------------------------------------------------------------

void server_core::begin_recovery() {
  if (! options.recovery)
    return;
  auto now = now_ms();
  run_ = static_cast<std::uint64_t>(now);
  auto& store = options.recovery->store;
  if (! store)
    return;
  saved_ = store->load(now, options.recovery->max_disconnection).value();
  // Each run is after those before it, whatever the clock says.
  for (auto& [name, x] : saved_)
    for (auto& mark : x.marks.runs)
      run_ = std::max(run_, mark.run + 1);
  backlog_ = std::make_shared<recovery_backlog>();
  auto interval = options.recovery->commit_interval;
  auto& sys = system.actors();
  writer_ = options.recovery->detached
              ? sys.spawn<caf::detached>(recovery_writer, store, backlog_, interval)
              : sys.spawn(recovery_writer, store, backlog_, interval);
}

namespace_actor
server_core::spawn_lane(runtime::worker& home, const std::string& name, recovery_link& link) {
  if (! options.recovery)
    return spawn_namespace(home, name);
  auto& wanted = *options.recovery;
  auto setup = std::make_unique<recovery_setup>();
  setup->limits = {wanted.max_disconnection,
                   options.engine.ping_interval + options.engine.ping_timeout + notice_slack,
                   wanted.packets_max,
                   wanted.bytes_max,
                   wanted.sessions_max,
                   options.engine.outbox.bytes_max / 2};
  setup->nsp = name;
  setup->run = run_;
  setup->offsets = link.offsets = std::make_shared<packet_offsets>(run_);
  if (auto kept = saved_.extract(name))
    setup->saved = std::move(kept.mapped());
  link.published = setup->saved.marks.published;
  setup->writer = writer_;
  setup->backlog = backlog_;
  setup->counts = recoveries;
  setup->now = now_ms();
  auto lane = spawn_namespace(home, name, std::move(setup));
  if (writer_)
    caf::anon_send(writer_, atom::serve_v, lane);
  return lane;
}

net::engine_route server_core::route() {
  open();
  net::engine_route result;
  result.options = endpoint;
  // Not an owner: a worker might be the last, and cannot wait for its own end.
  result.accept = [this](net::engine::session& link) -> std::unique_ptr<client> {
    auto& counted = counts(link.home().index());
    switch (unclaimed.enter(link.request().remote_address, options.handshakes_per_address_max,
                            options.unclaimed_sessions_max)) {
      case newcomers::verdict::welcome: return welcome(*this, link);
      case newcomers::verdict::address_full: counted.address_refused.add(); break;
      case newcomers::verdict::full: counted.unclaimed_refused.add(); break;
    }
    return nullptr;
  };
  return result;
}

} // namespace atrium::api::detail
