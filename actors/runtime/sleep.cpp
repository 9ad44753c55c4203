#include "actors/runtime/sleep.hpp"

#include "actors/runtime/timer.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace atrium::runtime {

namespace {

template <class Handler>
class sleeper final : public timer_wheel::entry,
                      public std::enable_shared_from_this<sleeper<Handler>> {
public:
  sleeper(worker& home, Handler handler) : home_{home}, handler_{std::move(handler)} {
  }

  void start(std::chrono::milliseconds how_long) {
    self_ = this->shared_from_this();
    home_.timers().arm(*this, home_.now() + how_long);
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected())
      slot.assign([weak = this->weak_from_this()](asio::cancellation_type) {
        if (auto self = weak.lock())
          self->complete(asio::error::operation_aborted);
      });
  }

private:
  void fire() override {
    complete({});
  }

  void complete(boost::system::error_code ec) {
    auto keep = std::move(self_);
    if (! keep)
      return;
    home_.timers().cancel(*this);
    asio::post(home_.io(), asio::append(std::move(handler_), ec));
  }

  worker& home_;
  Handler handler_;
  std::shared_ptr<sleeper> self_; // while armed
};

} // namespace

asio::awaitable<void> sleep(std::chrono::milliseconds how_long) {
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(boost::system::error_code)>(
    [how_long](auto handler) {
      auto op
        = std::make_shared<sleeper<decltype(handler)>>(*worker::current(), std::move(handler));
      op->start(how_long);
    },
    asio::use_awaitable);
}

} // namespace atrium::runtime
