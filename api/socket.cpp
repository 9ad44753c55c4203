#include "api/socket.hpp"

#include "api/detail/client.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"
#include "api/socket_namespace.hpp"

#include <algorithm>

namespace atrium::api {

namespace {

using any_listeners = std::vector<detail::socket_core::any_listener>;

std::uint64_t
add_to(any_listeners& all, std::uint64_t number, std::function<void(event)> f, bool front) {
  all.insert(front ? all.begin() : all.end(), {number, std::move(f)});
  return number;
}

void remove_from(any_listeners& all, std::uint64_t number) {
  std::erase_if(all, [=](auto& x) { return x.first == number; });
}

std::vector<std::uint64_t> numbers_of(const any_listeners& all) {
  std::vector<std::uint64_t> result;
  for (auto& x : all)
    result.push_back(x.first);
  return result;
}

} // namespace

const std::string& socket::id() const noexcept {
  return core_->id();
}

socket_namespace socket::name_space() const {
  return socket_namespace{core_->nsp()};
}

const api::handshake& socket::handshake() const {
  return core_->about();
}

json::object& socket::data() const {
  core_->touch_data();
  return core_->more().data;
}

std::shared_ptr<void>& socket::context() const {
  return core_->context;
}

std::vector<std::string> socket::rooms() const {
  return core_->rooms();
}

bool socket::connected() const noexcept {
  return core_->now() == detail::socket_core::phase::connected && ! core_->leaving();
}

bool socket::recovered() const noexcept {
  return core_->recovered();
}

std::vector<topic_watch> socket::recovered_watches() const {
  return core_->recovered_watches();
}

net::engine::session* socket::conn() const noexcept {
  return client().conn();
}

const net::request_info* socket::request() const noexcept {
  return client().request();
}

broadcast_operator socket::broadcast() const {
  return plain().broadcast();
}

broadcast_operator socket::to(const room_list& x) const {
  return plain().to(x);
}

broadcast_operator socket::in(const room_list& x) const {
  return plain().to(x);
}

broadcast_operator socket::except(const room_list& x) const {
  return plain().except(x);
}

broadcast_operator socket::local() const {
  return plain().local();
}

// Elsewhere than on the socket's worker, what changes it goes through its namespace.

void socket::join(const room_list& x) const {
  if (core_->is_home())
    core_->join(x.names);
  else
    name_space().in(id()).local().sockets_join(x);
}

void socket::leave(const room_list& x) const {
  if (core_->is_home())
    core_->leave(x.names);
  else
    name_space().in(id()).local().sockets_leave(x);
}

void socket::watch(topic_channel channel, std::string pattern) const {
  core_->watch(channel, std::move(pattern), true);
}

void socket::unwatch(topic_channel channel, std::string pattern) const {
  core_->watch(channel, std::move(pattern), false);
}

// -- listeners -------------------------------------------------------------------------

std::uint64_t socket::add(std::string name, std::function<void(event)> f, bool once) const {
  auto number = core_->next_listener_++;
  core_->more().listeners.push_back({number, std::move(name), std::move(f), once});
  return number;
}

std::uint64_t socket::add_any(std::function<void(event)> f, bool front) const {
  return add_to(core_->more().any, core_->next_listener_++, std::move(f), front);
}

void socket::off(std::uint64_t listener) const {
  std::erase_if(core_->more().listeners, [=](auto& x) { return x.number == listener; });
}

void socket::off(std::string_view name) const {
  std::erase_if(core_->more().listeners, [=](auto& x) { return x.name == name; });
}

void socket::remove_all_listeners() const {
  core_->more().listeners.clear();
}

std::vector<std::string> socket::event_names() const {
  std::vector<std::string> result;
  for (auto& x : core_->more().listeners)
    if (std::ranges::find(result, x.name) == result.end())
      result.push_back(x.name);
  return result;
}

void socket::off_any(std::uint64_t listener) const {
  remove_from(core_->more().any, listener);
}

void socket::off_any() const {
  core_->more().any.clear();
}

std::vector<std::uint64_t> socket::listeners_any() const {
  return numbers_of(core_->more().any);
}

std::uint64_t socket::on_any_outgoing(std::function<void(event)> f) const {
  return add_to(core_->more().any_outgoing, core_->next_listener_++, std::move(f), false);
}

std::uint64_t socket::prepend_any_outgoing(std::function<void(event)> f) const {
  return add_to(core_->more().any_outgoing, core_->next_listener_++, std::move(f), true);
}

void socket::off_any_outgoing(std::uint64_t listener) const {
  remove_from(core_->more().any_outgoing, listener);
}

void socket::off_any_outgoing() const {
  core_->more().any_outgoing.clear();
}

std::vector<std::uint64_t> socket::listeners_any_outgoing() const {
  return numbers_of(core_->more().any_outgoing);
}

void socket::use(std::function<std::optional<std::string>(const event&)> f) const {
  core_->more().middlewares.push_back(std::move(f));
}

// -- its end -----------------------------------------------------------------------------

void socket::disconnect(bool close) const {
  if (! core_->is_home())
    name_space().in(id()).local().disconnect_sockets(close);
  else if (close && core_->owner())
    core_->owner()->disconnect_all();
  else
    core_->disconnect();
}

void socket::on_disconnecting(end_handler f) const {
  core_->more().on_disconnecting.push_back(std::move(f));
}

void socket::on_disconnect(end_handler f) const {
  core_->more().on_disconnect.push_back(std::move(f));
}

void socket::on_error(std::function<void(std::string_view)> f) const {
  core_->more().on_error.push_back(std::move(f));
}

} // namespace atrium::api
