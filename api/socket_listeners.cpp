#include "api/socket_listeners.hpp"

#include "api/detail/socket_core.hpp"

#include <algorithm>

namespace atrium::api {

namespace {

using any_listeners = std::vector<detail::any_listener>;

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

std::uint64_t
socket_listeners::add(std::string name, std::function<void(event)> f, bool once) const {
  auto number = core_->more().next_listener++;
  core_->more().listeners.push_back({number, std::move(name), std::move(f), once});
  return number;
}

std::uint64_t socket_listeners::add_any(std::function<void(event)> f, bool front) const {
  return add_to(core_->more().any, core_->more().next_listener++, std::move(f), front);
}

void socket_listeners::off(std::uint64_t listener) const {
  std::erase_if(core_->more().listeners, [=](auto& x) { return x.number == listener; });
}

void socket_listeners::off(std::string_view name) const {
  std::erase_if(core_->more().listeners, [=](auto& x) { return x.name == name; });
}

void socket_listeners::remove_all_listeners() const {
  core_->more().listeners.clear();
}

std::vector<std::string> socket_listeners::event_names() const {
  std::vector<std::string> result;
  for (auto& x : core_->more().listeners)
    if (std::ranges::find(result, x.name) == result.end())
      result.push_back(x.name);
  return result;
}

void socket_listeners::off_any(std::uint64_t listener) const {
  remove_from(core_->more().any, listener);
}

void socket_listeners::off_any() const {
  core_->more().any.clear();
}

std::vector<std::uint64_t> socket_listeners::listeners_any() const {
  return numbers_of(core_->more().any);
}

std::uint64_t socket_listeners::on_any_outgoing(std::function<void(event)> f) const {
  return add_to(core_->more().any_outgoing, core_->more().next_listener++, std::move(f), false);
}

std::uint64_t socket_listeners::prepend_any_outgoing(std::function<void(event)> f) const {
  return add_to(core_->more().any_outgoing, core_->more().next_listener++, std::move(f), true);
}

void socket_listeners::off_any_outgoing(std::uint64_t listener) const {
  remove_from(core_->more().any_outgoing, listener);
}

void socket_listeners::off_any_outgoing() const {
  core_->more().any_outgoing.clear();
}

std::vector<std::uint64_t> socket_listeners::listeners_any_outgoing() const {
  return numbers_of(core_->more().any_outgoing);
}

void socket_listeners::use(std::function<std::optional<std::string>(const event&)> f) const {
  core_->more().middlewares.push_back(std::move(f));
}

void socket_listeners::on_disconnecting(end_handler f) const {
  core_->more().on_disconnecting.push_back(std::move(f));
}

void socket_listeners::on_disconnect(end_handler f) const {
  core_->more().on_disconnect.push_back(std::move(f));
}

void socket_listeners::on_error(std::function<void(std::string_view)> f) const {
  core_->more().on_error.push_back(std::move(f));
}

} // namespace atrium::api
