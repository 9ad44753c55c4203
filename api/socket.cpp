#include "api/socket.hpp"

#include "actors/runtime/one_shot.hpp"
#include "api/detail/client.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"
#include "api/socket_namespace.hpp"

#include <algorithm>
#include <stdexcept>

namespace atrium::api {

namespace {

void refuse_reserved(const payload& args) {
  auto& name = args.args.front().as_string();
  if (is_reserved_event({name.data(), name.size()}))
    throw std::invalid_argument{"\"" + std::string{name} + "\" is a reserved event name"};
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
  return core_->more().data;
}

std::shared_ptr<void>& socket::context() const {
  return core_->context;
}

std::vector<std::string> socket::rooms() const {
  return core_->rooms();
}

bool socket::connected() const noexcept {
  return core_->now() == detail::socket_core::phase::connected;
}

bool socket::recovered() const noexcept {
  return false;
}

net::engine::session* socket::conn() const noexcept {
  return core_->owner() ? &core_->owner()->session() : nullptr;
}

void socket::send_event(payload args, const emit_flags& flags) const {
  refuse_reserved(args);
  core_->emit(std::move(args), flags);
}

asio::awaitable<ack_answer> socket::request(payload args, emit_flags flags) const {
  refuse_reserved(args);
  runtime::one_shot<result<payload>> answer;
  core_->request(std::move(args), flags, [answer](result<payload> x) { answer.set(std::move(x)); });
  auto x = co_await answer.wait();
  if (! x)
    co_return x.error();
  co_return spread{std::move(*x)};
}

broadcast_operator socket::broadcast() const {
  return broadcast_operator{core_->nsp()}.except(id());
}

broadcast_operator socket::to(const room_list& x) const {
  return broadcast().to(x);
}

broadcast_operator socket::in(const room_list& x) const {
  return broadcast().to(x);
}

broadcast_operator socket::except(const room_list& x) const {
  return broadcast().except(x);
}

void socket::join(const room_list& x) const {
  core_->join(x.names);
}

void socket::leave(const room_list& x) const {
  core_->leave(x.names);
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
  auto number = core_->next_listener_++;
  auto& any = core_->more().any;
  any.insert(front ? any.begin() : any.end(), {number, std::move(f)});
  return number;
}

void socket::off(std::uint64_t listener) const {
  std::erase_if(core_->more().listeners, [=](auto& x) { return x.number == listener; });
  std::erase_if(core_->more().any, [=](auto& x) { return x.first == listener; });
}

void socket::remove_all_listeners(std::string_view name) const {
  std::erase_if(core_->more().listeners, [=](auto& x) { return x.name == name; });
}

std::vector<std::string> socket::event_names() const {
  std::vector<std::string> result;
  for (auto& x : core_->more().listeners)
    if (std::ranges::find(result, x.name) == result.end())
      result.push_back(x.name);
  return result;
}

void socket::off_any() const {
  core_->more().any.clear();
}

void socket::on_any_outgoing(std::function<void(const json::array&)> f) const {
  core_->more().any_outgoing = std::move(f);
}

void socket::off_any_outgoing() const {
  core_->more().any_outgoing = nullptr;
}

void socket::use(std::function<std::optional<std::string>(const event&)> f) const {
  core_->more().middlewares.push_back(std::move(f));
}

// -- its end -----------------------------------------------------------------------------

void socket::disconnect(bool close) const {
  if (close && core_->owner())
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
