#pragma once

#include "api/arguments.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::api {

class event;

namespace detail {
class namespace_core;
class socket_core;
struct event_data;
event make_event(payload content);
} // namespace detail

/// An event that a client sent, or goes to it, or that another server emits. A cheap handle: its
/// copies share one event and its acknowledgement. For use on the worker of its socket.
class event {
public:
  /// The event's name; a number as its text.
  std::string_view name() const noexcept;

  /// How many arguments came with it, its name not counted.
  std::size_t size() const noexcept;

  /// The argument at `i`; null when there are fewer, as in JavaScript.
  const json::value& operator[](std::size_t i) const noexcept;

  /// The bytes of argument `i`, if it is binary.
  std::optional<std::string_view> bytes(std::size_t i) const noexcept;

  /// All arguments, to pass them on or to look into nested binary.
  spread all() const;

  /// Whether the client waits for an acknowledgement that was not given yet.
  bool wants_ack() const noexcept;

  /// Acknowledges with these arguments. Only the first call counts, and none when the client wants
  /// none.
  template <class... Ts>
  void ack(Ts&&... xs) const {
    if (wants_ack())
      acknowledge(make_arguments(std::forward<Ts>(xs)...));
  }

  /// Acknowledges with arguments that are JSON text already: an array, spliced into the packet as
  /// it is.
  void ack_text(std::string_view array) const;

private:
  friend class detail::socket_core;
  friend class detail::namespace_core;
  friend event detail::make_event(payload content);
  explicit event(std::shared_ptr<detail::event_data> x) noexcept : data_{std::move(x)} {
  }
  void acknowledge(payload args) const;

  std::shared_ptr<detail::event_data> data_;
};

} // namespace atrium::api
