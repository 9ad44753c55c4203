#include "api/broadcast_operator.hpp"

#include "actors/runtime/one_shot.hpp"
#include "actors/runtime/timer.hpp"
#include "api/detail/server_core.hpp"
#include "api/remote_socket.hpp"

namespace atrium::api {

namespace {

void add(room_names& to, const room_list& x) {
  to.insert(to.end(), x.names.begin(), x.names.end());
}

/// Gathers the acknowledgements of one broadcast, on the worker of whoever waits for them, until
/// all have come that are to be expected.
class collector final : public ack_sink, public std::enable_shared_from_this<collector> {
public:
  explicit collector(runtime::worker& home) : home_{home}, deadline_{home} {
  }

  void expect(std::uint64_t sockets) override {
    home_.post([self = shared_from_this(), sockets] {
      self->expected_ = sockets;
      self->finish_if_complete();
    });
  }

  void lost(std::uint64_t sockets) override {
    home_.post([self = shared_from_this(), sockets] {
      self->lost_ += sockets;
      self->finish_if_complete();
    });
  }

  void answer(payload args) override {
    home_.post([self = shared_from_this(), x = std::move(args)]() mutable {
      if (self->finished_)
        return;
      self->got_.responses.push_back(x.args.empty() ? json::value{} : std::move(x.args.front()));
      self->finish_if_complete();
    });
  }

  asio::awaitable<broadcast_answers> wait(std::chrono::milliseconds within) {
    auto keep = shared_from_this();
    deadline_.arm(within, [this] { finish(true); });
    co_return co_await done_.wait();
  }

private:
  void finish_if_complete() {
    if (expected_ && got_.responses.size() + lost_ >= *expected_)
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
  std::uint64_t lost_ = 0;
  broadcast_answers got_;
  bool finished_ = false;
  runtime::one_shot<broadcast_answers> done_;
};

asio::awaitable<broadcast_answers>
collect(std::shared_ptr<detail::namespace_core> nsp, payload args, broadcast_options how) {
  auto within = how.timeout.value_or(nsp->owner.options.broadcast_ack_timeout);
  auto sink = std::make_shared<collector>(*runtime::worker::current());
  nsp->reach().broadcast_with_ack(args, how, within, sink);
  co_return co_await sink->wait(within);
}

asio::awaitable<std::vector<remote_socket>>
fetch(std::shared_ptr<detail::namespace_core> nsp, broadcast_operator all, broadcast_options how) {
  auto found = co_await nsp->reach().fetch_sockets(std::move(how));
  std::vector<remote_socket> result;
  result.reserve(found.size());
  for (auto& x : found)
    result.emplace_back(all.to(x.id), std::move(x));
  co_return result;
}

asio::awaitable<room_names>
fetch_ids(std::shared_ptr<detail::namespace_core> nsp, broadcast_options how) {
  co_return co_await nsp->reach().sockets(std::move(how));
}

} // namespace

broadcast_operator::broadcast_operator(std::shared_ptr<detail::namespace_core> nsp) noexcept
  : nsp_{std::move(nsp)} {
}

broadcast_operator broadcast_operator::to(const room_list& x) const {
  auto result = *this;
  add(result.how_.to.rooms, x);
  return result;
}

broadcast_operator broadcast_operator::except(const room_list& x) const {
  auto result = *this;
  add(result.how_.to.except, x);
  return result;
}

broadcast_operator broadcast_operator::volatile_() const {
  auto result = *this;
  result.how_.is_volatile = true;
  return result;
}

broadcast_operator broadcast_operator::compress(bool on) const {
  auto result = *this;
  result.how_.compress = on;
  return result;
}

broadcast_operator broadcast_operator::local() const {
  auto result = *this;
  result.how_.local = true;
  return result;
}

broadcast_operator broadcast_operator::timeout(std::chrono::milliseconds x) const {
  auto result = *this;
  result.how_.timeout = x;
  return result;
}

void broadcast_operator::send_event(const payload& args) const {
  detail::refuse_reserved(args);
  nsp_->reach().broadcast(args, how_);
}

// An operator may be a temporary that is gone when its coroutine runs: these have what they need.

asio::awaitable<broadcast_answers> broadcast_operator::collect(payload args) const {
  detail::refuse_reserved(args);
  return api::collect(nsp_, std::move(args), how_);
}

asio::awaitable<std::vector<remote_socket>> broadcast_operator::fetch_sockets() const {
  return fetch(nsp_, broadcast_operator{nsp_}, how_);
}

asio::awaitable<room_names> broadcast_operator::all_sockets() const {
  return fetch_ids(nsp_, how_);
}

void broadcast_operator::sockets_join(const room_list& x) const {
  nsp_->reach().add_sockets(how_, x.names);
}

void broadcast_operator::sockets_leave(const room_list& x) const {
  nsp_->reach().del_sockets(how_, x.names);
}

void broadcast_operator::disconnect_sockets(bool close) const {
  nsp_->reach().disconnect_sockets(how_, close);
}

} // namespace atrium::api
