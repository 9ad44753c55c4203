#include "api/emitter.hpp"

#include "actors/runtime/one_shot.hpp"
#include "api/detail/socket_core.hpp"

namespace atrium::api {

emitter::emitter(std::shared_ptr<detail::socket_core> to) noexcept : to_{std::move(to)} {
}

emitter emitter::volatile_() const {
  auto result = *this;
  result.flags_.is_volatile = true;
  return result;
}

emitter emitter::compress(bool on) const {
  auto result = *this;
  result.flags_.compress = on;
  return result;
}

emitter emitter::timeout(std::chrono::milliseconds x) const {
  auto result = *this;
  result.flags_.timeout = x;
  return result;
}

void detail::emit_to(socket_core& to, payload args, const emit_flags& flags) {
  refuse_reserved(args);
  to.emit(std::move(args), flags);
}

asio::awaitable<ack_answer> emitter::request(payload args) const {
  detail::refuse_reserved(args);
  // This may be a temporary, gone when the coroutine runs.
  return ask(to_, std::move(args), flags_);
}

asio::awaitable<ack_answer>
emitter::ask(std::shared_ptr<detail::socket_core> to, payload args, emit_flags flags) {
  runtime::one_shot<result<payload>> answer;
  to->request(std::move(args), flags, [answer](result<payload> x) { answer.set(std::move(x)); });
  auto x = co_await answer.wait();
  if (! x)
    co_return x.error();
  co_return spread{std::move(*x)};
}

broadcast_operator emitter::broadcast() const {
  broadcast_operator result{to_->nsp()};
  result.how_.to.except.push_back(to_->id());
  result.how_.is_volatile = flags_.is_volatile;
  result.how_.compress = flags_.compress;
  result.how_.timeout = flags_.timeout;
  return result;
}

broadcast_operator emitter::to(const room_list& x) const {
  return broadcast().to(x);
}

broadcast_operator emitter::except(const room_list& x) const {
  return broadcast().except(x);
}

broadcast_operator emitter::local() const {
  return broadcast().local();
}

} // namespace atrium::api
