#include "api/broadcast_operator.hpp"

#include "actors/runtime/ask.hpp"
#include "actors/runtime/one_shot.hpp"
#include "actors/runtime/timer.hpp"
#include "api/detail/dispatch.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"
#include "api/remote_socket.hpp"

#include <caf/send.hpp>

#include <stdexcept>

namespace atrium::api {

namespace {

void add(room_names& to, const room_list& x) {
  to.insert(to.end(), x.names.begin(), x.names.end());
}

void refuse_reserved(const payload& args) {
  auto& name = args.args.front().as_string();
  if (is_reserved_event({name.data(), name.size()}))
    throw std::invalid_argument{"\"" + std::string{name} + "\" is a reserved event name"};
}

/// Gathers the acknowledgements of one broadcast, on the worker of whoever waits for them.
class collector final : public ack_sink, public std::enable_shared_from_this<collector> {
public:
  explicit collector(runtime::worker& home) : home_{home}, deadline_{home} {
  }

  void answer(payload args) override {
    home_.post([self = shared_from_this(), x = std::move(args)]() mutable {
      self->add(x.args.empty() ? json::value{} : std::move(x.args.front()));
    });
  }

  asio::awaitable<broadcast_answers>
  wait(std::uint64_t expected, std::chrono::milliseconds within) {
    auto keep = shared_from_this();
    expected_ = expected;
    deadline_.arm(within, [this] { finish(true); });
    if (got_.responses.size() >= expected_)
      finish(false);
    co_return co_await done_.wait();
  }

private:
  void add(json::value x) {
    if (finished_)
      return;
    got_.responses.push_back(std::move(x));
    if (expected_ && got_.responses.size() >= *expected_)
      finish(false);
  }

  void finish(bool timed_out) {
    if (std::exchange(finished_, true))
      return;
    deadline_.cancel();
    got_.timed_out = timed_out;
    done_.set(std::move(got_));
  }

  runtime::worker& home_;
  runtime::timer deadline_;
  std::optional<std::uint64_t> expected_;
  broadcast_answers got_;
  bool finished_ = false;
  runtime::one_shot<broadcast_answers> done_;
};

} // namespace

broadcast_operator::broadcast_operator(std::shared_ptr<detail::namespace_core> nsp) noexcept
  : nsp_{std::move(nsp)} {
}

broadcast_operator broadcast_operator::to(const room_list& x) const {
  auto result = *this;
  add(result.to_.rooms, x);
  return result;
}

broadcast_operator broadcast_operator::except(const room_list& x) const {
  auto result = *this;
  add(result.to_.except, x);
  return result;
}

broadcast_operator broadcast_operator::volatile_() const {
  auto result = *this;
  result.volatile_flag_ = true;
  return result;
}

broadcast_operator broadcast_operator::compress(bool on) const {
  auto result = *this;
  result.compress_ = on;
  return result;
}

broadcast_operator broadcast_operator::local() const {
  return *this;
}

broadcast_operator broadcast_operator::timeout(std::chrono::milliseconds x) const {
  auto result = *this;
  result.timeout_ = x;
  return result;
}

void broadcast_operator::send_event(payload args) const {
  refuse_reserved(args);
  auto wire = nsp_->owner.options.wire;
  broadcast x{
    to_, make_event_frame(nsp_->name, std::nullopt, args, {wire, volatile_flag_, compress_}), {}};
  auto* emitter = detail::dispatch::current().socket;
  if (emitter && emitter->nsp() == nsp_ && emitter->owner()) {
    emitter->entered_lane();
    x.emitter = emitter->self();
  }
  caf::anon_send(nsp_->lane, atom::emit_v, std::move(x));
}

asio::awaitable<broadcast_answers> broadcast_operator::collect(payload args) const {
  refuse_reserved(args);
  auto nsp = nsp_;
  auto& options = nsp->owner.options;
  auto within = timeout_.value_or(options.broadcast_ack_timeout);
  auto sink = std::make_shared<collector>(*runtime::worker::current());
  ack_request x;
  x.id = nsp->next_ack_id();
  x.what = make_event_frame(nsp->name, x.id, args, {options.wire, volatile_flag_, compress_});
  x.sink = sink;
  x.timeout_ms = static_cast<std::uint32_t>(within.count());
  auto sent = co_await runtime::ask<std::uint64_t>(nsp->lane, options.request_timeout,
                                                   atom::collect_v, to_, std::move(x));
  if (! sent)
    co_return broadcast_answers{{}, true};
  co_return co_await sink->wait(*sent, within);
}

asio::awaitable<std::vector<remote_socket>> broadcast_operator::fetch_sockets() const {
  auto nsp = nsp_;
  auto within = nsp->owner.options.request_timeout;
  std::vector<remote_socket> result;
  auto found = co_await runtime::ask<members>(nsp->lane, within, atom::select_v, to_);
  if (! found)
    throw boost::system::system_error{make_error_code(errc::timeout), "fetch_sockets"};
  for (auto& x : *found)
    // A socket that has gone meanwhile does not answer, or has no id.
    if (auto about = co_await runtime::ask<socket_description>(x.connection, within,
                                                               atom::describe_v, x.number);
        about && ! about->id.empty()) {
      broadcast_operator reach{nsp};
      result.emplace_back(reach.to(about->id), std::move(*about));
    }
  co_return result;
}

void broadcast_operator::sockets_join(const room_list& x) const {
  caf::anon_send(nsp_->lane, atom::join_v, to_, x.names);
}

void broadcast_operator::sockets_leave(const room_list& x) const {
  caf::anon_send(nsp_->lane, atom::leave_v, to_, x.names);
}

void broadcast_operator::disconnect_sockets(bool close) const {
  caf::anon_send(nsp_->lane, atom::kick_v, to_, close);
}

} // namespace atrium::api
