#include "api/detail/pending_acks.hpp"

namespace atrium::api::detail {

struct pending_acks::entry final : runtime::timer_wheel::entry {
  entry(pending_acks& owner_, std::uint64_t id_, completion then_)
    : owner{owner_},
      id{id_},
      then{std::move(then_)} {
  }

  void fire() override {
    owner.counts_.acks_timed_out.add();
    owner.complete(id, errc::timeout);
  }

  pending_acks& owner;
  std::uint64_t id;
  completion then;
};

pending_acks::pending_acks(counters& counts) : counts_{counts} {
}

pending_acks::~pending_acks() {
  counts_.acks_waiting.sub(static_cast<std::int64_t>(waiting_.size()));
}

void pending_acks::add(runtime::worker& home, std::uint64_t id,
                       std::optional<std::chrono::milliseconds> timeout, completion then) {
  auto x = std::make_unique<entry>(*this, id, std::move(then));
  if (timeout)
    home.timers().arm(*x, home.now() + *timeout);
  if (waiting_.insert_or_assign(id, std::move(x)).second)
    counts_.acks_waiting.add();
}

void pending_acks::complete(std::uint64_t id, result<payload> x) {
  auto i = waiting_.find(id);
  if (i == waiting_.end())
    return;
  auto done = std::move(i->second);
  waiting_.erase(i);
  counts_.acks_waiting.sub();
  done->then(std::move(x));
}

void pending_acks::answer(std::uint64_t id, payload args) {
  complete(id, std::move(args));
}

void pending_acks::fail_all(errc why) {
  auto all = std::exchange(waiting_, {});
  counts_.acks_waiting.sub(static_cast<std::int64_t>(all.size()));
  for (auto& [id, x] : all)
    x->then(why);
}

} // namespace atrium::api::detail
