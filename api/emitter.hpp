#pragma once

#include "api/broadcast_operator.hpp"
#include "schema/error.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace atrium::api {

/// What a client answered to an event, or why there is no answer.
using ack_answer = result<spread>;

/// How an event that is emitted to one client may be treated.
struct emit_flags {
  bool is_volatile = false;
  bool compress = true;
  /// How long its acknowledgement may take; unset: until the socket disconnects.
  std::optional<std::chrono::milliseconds> timeout;
};

namespace detail {
/// Emits to one client. Throws `std::invalid_argument` for a reserved name. Any thread.
void emit_to(socket_core& to, payload args, const emit_flags& flags);
} // namespace detail

/// A socket and how to emit to it. Immutable: each flag gives a new one, and one may be kept.
class emitter {
public:
  /// Drops the event when the client cannot take it right now.
  emitter volatile_() const;
  /// Whether HTTP compression may be used.
  emitter compress(bool on) const;
  /// How long an acknowledgement may take.
  emitter timeout(std::chrono::milliseconds x) const;

  /// Emits to the client. Throws `std::invalid_argument` for a reserved name. Any thread.
  template <class... Ts>
  void emit(std::string_view name, Ts&&... xs) const {
    detail::emit_to(*to_, make_arguments(name, std::forward<Ts>(xs)...), flags_);
  }

  /// Emits and waits for the acknowledgement: `errc::timeout` after the timeout, `errc::cancelled`
  /// when the socket disconnects before, `errc::limit_exceeded` when too many are waited for. On
  /// the socket's worker.
  template <class... Ts>
  asio::awaitable<ack_answer> emit_with_ack(std::string_view name, Ts&&... xs) const {
    return request(make_arguments(name, std::forward<Ts>(xs)...));
  }

  /// `emit("message", …)`.
  template <class... Ts>
  void send(Ts&&... xs) const {
    emit("message", std::forward<Ts>(xs)...);
  }

  /// The others, with these flags.
  broadcast_operator broadcast() const;
  broadcast_operator to(const room_list& x) const;
  broadcast_operator in(const room_list& x) const {
    return to(x);
  }
  broadcast_operator except(const room_list& x) const;
  broadcast_operator local() const;

private:
  friend class socket;
  explicit emitter(std::shared_ptr<detail::socket_core> to) noexcept;
  asio::awaitable<ack_answer> request(payload args) const;
  static asio::awaitable<ack_answer>
  ask(std::shared_ptr<detail::socket_core> to, payload args, emit_flags flags);

  std::shared_ptr<detail::socket_core> to_;
  emit_flags flags_;
};

} // namespace atrium::api
