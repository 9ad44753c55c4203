#include "api/socket_namespace.hpp"

#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"

#include <caf/send.hpp>

#include <stdexcept>

namespace atrium::api {

const std::string& socket_namespace::name() const noexcept {
  return core_->name;
}

broadcast_operator socket_namespace::all() const {
  return broadcast_operator{core_};
}

void socket_namespace::publish(publication_ptr what) const {
  for (auto& x : children())
    x.publish(what);
  if (! core_->is_parent())
    caf::anon_send(core_->lane, atom::publish_v, std::move(what));
}

std::vector<socket_namespace> socket_namespace::children() const {
  std::vector<socket_namespace> result;
  if (core_->is_parent())
    for (auto& x : core_->owner.children_of(*core_))
      result.push_back(socket_namespace{x});
  return result;
}

sequence socket_namespace::published() const noexcept {
  return core_->published;
}

api::adapter& socket_namespace::adapter() const noexcept {
  return core_->reach();
}

asio::awaitable<std::map<std::string, socket>> socket_namespace::sockets() const {
  return find_sockets(core_);
}

asio::awaitable<std::map<std::string, socket>>
socket_namespace::find_sockets(std::shared_ptr<detail::namespace_core> core) {
  broadcast_options here;
  here.local = true;
  auto found = co_await core->reach().fetch_sockets(std::move(here));
  std::map<std::string, socket> result;
  for (auto& x : found)
    result.emplace(std::move(x.id),
                   socket{std::static_pointer_cast<detail::socket_core>(std::move(x.local))});
  co_return result;
}

// -- handlers ----------------------------------------------------------------------------

void socket_namespace::add_connection(std::function<void(socket)> f) const {
  core_->own_table().on_connection.push_back(std::move(f));
}

void socket_namespace::add_middleware(std::function<asio::awaitable<admission>(socket)> f) const {
  core_->own_table().middlewares.push_back(std::move(f));
}

void socket_namespace::add_recovery_failed(std::function<void(socket, recovery_refusal)> f) const {
  core_->own_table().on_recovery_failed.push_back(std::move(f));
}

void socket_namespace::add_handler(std::string name, std::function<void(socket, event)> f) const {
  auto& table = core_->own_table();
  if (name.empty())
    table.on_unhandled = std::move(f);
  else
    table.handlers[std::move(name)].push_back(std::move(f));
}

void socket_namespace::add_server_side(std::string name, std::function<void(event)> f) const {
  core_->own_table().server_side[std::move(name)].push_back(std::move(f));
}

// -- the other servers ---------------------------------------------------------------------

namespace {

void refuse_own_events(const payload& args) {
  const auto& name = args.args.front().get_string();
  if (detail::is_reserved_server_side({name.data(), name.size()}))
    throw std::invalid_argument{"\"" + std::string{name} + "\" is a reserved event name"};
}

asio::awaitable<broadcast_answers>
ask_others(std::shared_ptr<detail::namespace_core> core, payload args) {
  auto within = core->owner.options.request_timeout;
  co_return co_await core->reach().server_side_emit_with_ack(std::move(args), within);
}

} // namespace

void socket_namespace::send_server_side(payload args) const {
  refuse_own_events(args);
  core_->reach().server_side_emit(std::move(args));
}

asio::awaitable<broadcast_answers> socket_namespace::ask_server_side(payload args) const {
  refuse_own_events(args);
  return ask_others(core_, std::move(args));
}

} // namespace atrium::api
