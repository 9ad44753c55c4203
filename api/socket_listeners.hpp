#pragma once

#include "api/event.hpp"
#include "api/startable.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::api {

namespace detail {
class socket_core;
}

/// What a program can hear of one client: the part of `socket` that takes handlers. They are called
/// on the socket's worker; all of this is for use there.
class socket_listeners {
public:
  // -- events ----------------------------------------------------------------------

  /// Calls `f(event)` for each event of this name. @returns a number for `off`.
  template <class F>
  std::uint64_t on(std::string name, F f) const {
    return add(std::move(name), detail::startable<event>(std::move(f)), false);
  }
  /// The same, for the next such event only.
  template <class F>
  std::uint64_t once(std::string name, F f) const {
    return add(std::move(name), detail::startable<event>(std::move(f)), true);
  }
  /// Removes one listener, all of an event, or all of all events.
  void off(std::uint64_t listener) const;
  void off(std::string_view name) const;
  void remove_all_listeners() const;
  /// The events that have listeners.
  std::vector<std::string> event_names() const;

  /// Calls `f(event)` for every event, before its own listeners.
  template <class F>
  std::uint64_t on_any(F f) const {
    return add_any(detail::startable<event>(std::move(f)), false);
  }
  template <class F>
  std::uint64_t prepend_any(F f) const {
    return add_any(detail::startable<event>(std::move(f)), true);
  }
  /// Removes one of them, or all.
  void off_any(std::uint64_t listener) const;
  void off_any() const;
  /// Their numbers, in the order in which they are called.
  std::vector<std::uint64_t> listeners_any() const;

  /// Calls `f(event)` for every event that goes to the client, broadcasts too, before it is sent.
  /// Acknowledgements are no events.
  std::uint64_t on_any_outgoing(std::function<void(event)> f) const;
  std::uint64_t prepend_any_outgoing(std::function<void(event)> f) const;
  void off_any_outgoing(std::uint64_t listener) const;
  void off_any_outgoing() const;
  std::vector<std::uint64_t> listeners_any_outgoing() const;

  /// Looks at each event before its listeners; text: an error, which stops the event and goes to
  /// `on_error`.
  void use(std::function<std::optional<std::string>(const event&)> f) const;

  // -- ends and errors -------------------------------------------------------------

  using end_handler = std::function<void(std::string_view reason, std::string_view description)>;
  /// Called once, with rooms intact.
  void on_disconnecting(end_handler f) const;
  /// Called once, after it has left everything.
  void on_disconnect(end_handler f) const;
  /// Called when a packet was invalid or a middleware refused an event.
  void on_error(std::function<void(std::string_view)> f) const;

protected:
  explicit socket_listeners(std::shared_ptr<detail::socket_core> core) noexcept
    : core_{std::move(core)} {
  }

  const std::shared_ptr<detail::socket_core>& core() const noexcept {
    return core_;
  }

private:
  std::uint64_t add(std::string name, std::function<void(event)> f, bool once) const;
  std::uint64_t add_any(std::function<void(event)> f, bool front) const;

  std::shared_ptr<detail::socket_core> core_;
};

} // namespace atrium::api
