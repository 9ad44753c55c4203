#include "net/iobroker/session.hpp"

namespace atrium::net::iobroker {

session::session(std::shared_ptr<const command_hub> hub, writer who, bool secure,
                 std::shared_ptr<subscriptions> subscriptions)
  : hub_{std::move(hub)},
    who_{std::move(who)},
    secure_{secure},
    subscriptions_{std::move(subscriptions)} {
}

bool session::subscribe(subject what, const pattern& x) {
  auto key = std::pair{what, x.text()};
  if (patterns_.contains(key))
    return true;
  if (patterns_.size() >= hub_->subscriptions_per_connection_max)
    return false;
  patterns_.insert(std::move(key));
  subscriptions_->subscribe(what, x);
  return true;
}

void session::resume(subject what, const pattern& x) {
  patterns_.emplace(what, x.text());
}

void session::unsubscribe(subject what, const pattern& x) {
  if (patterns_.erase({what, x.text()}) > 0)
    subscriptions_->unsubscribe(what, x);
}

} // namespace atrium::net::iobroker
