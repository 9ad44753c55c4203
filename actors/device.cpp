#include "actors/device.hpp"

#include "actors/guard.hpp"
#include "schema/id.hpp"

#include <caf/actor_clock.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace atrium {

namespace {

/// How often the deadlines of commands are looked at, as a part of the deadline.
constexpr auto ticks_of_timeout = 4;

void fail(caf::typed_response_promise<sequence>& answer, const caf::error& why) {
  if (answer.pending())
    answer.deliver(caf::error{why});
}

} // namespace

epoch_ms system_wall_clock() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

device_state::~device_state() {
  for (auto& [id, writes] : waiting_)
    for (auto& x : writes)
      fail(x.answer, caf::make_error(errc::device_offline));
}

device_actor::behavior_type
device_state::make_behavior(device_options options, journal_actor journal,
                            journal_gauge_ptr gauge) {
  options_ = std::move(options);
  journal_ = std::move(journal);
  gauge_ = std::move(gauge);
  guard(self_);
  return {
    [this](atom::committed, const batch_ptr& batch, const batch_places& places) {
      committed(*batch, places);
    },
    [this](atom::refused, append_generation refused) { fall_back(refused); },
    [this](atom::write, write_request& x, write_route& route) { return write(x, route); },
    [this](atom::fence) -> caf::result<sequence> {
      return self_->delegate(journal_, atom::fence_v);
    },
    [this](atom::release, const std::string& prefix) -> caf::result<sequence> {
      release(prefix);
      return self_->delegate(journal_, atom::fence_v);
    },
    [this](atom::tick) {
      armed_ = false;
      refuse_overdue();
    },
  };
}

// -- writes ------------------------------------------------------------------------

caf::result<sequence> device_state::write(write_request& x, write_route& route) {
  auto& at = cell_of(x.id, route.seed);
  if (x.initial && (at.latest || waiting_.contains(x.id)))
    return sequence{0};
  auto is_command = route.adapter && ! x.write.ack && ! x.from_owner && ! x.initial;
  if (is_command || (! x.from_owner && waiting_.contains(x.id)))
    return wait(x, route, at);
  return self_->delegate(journal_, atom::append_v, caf::actor_cast<owner_actor>(self_), generation_,
                         take(x.id, at, std::move(x.write), route.step));
}

device_state::cell& device_state::cell_of(const std::string& id, const state_ptr& seed) {
  auto [i, added] = cells_.try_emplace(id);
  if (added && seed)
    i->second.latest = *seed;
  return i->second;
}

storage::write device_state::take(const std::string& id, cell& at, state_write write, double step) {
  auto next = apply(std::move(write), at.latest ? &*at.latest : nullptr, options_.now(), step);
  if (at.in_flight++ == 0)
    at.committed = std::exchange(at.latest, next);
  else
    at.latest = next;
  storage::write result{state_change{id, std::move(next)}};
  gauge_->enter(result);
  return result;
}

// -- commands ----------------------------------------------------------------------

caf::result<sequence> device_state::wait(write_request& x, write_route& route, const cell& at) {
  auto answer = self_->make_response_promise<sequence>();
  auto asks = route.adapter && ! x.write.ack;
  ++last_ticket_;
  if (asks)
    command(x, route, at);
  waiting_[x.id].push_back({last_ticket_, ! asks,
                            self_->system().clock().now() + options_.confirm_timeout,
                            std::move(x.write), route.step, answer});
  arm();
  return answer;
}

void device_state::command(const write_request& x, const write_route& route, const cell& at) {
  auto value = apply(x.write, at.latest ? &*at.latest : nullptr, options_.now(), route.step);
  auto accepted = [this, id = x.id, ticket = last_ticket_](caf::ok_atom) { accept(id, ticket); };
  auto refused = [this, id = x.id, ticket = last_ticket_](caf::error& why) {
    // An adapter that died answers with an error of CAF.
    auto own = why.category() == caf::atom("atrium");
    refuse(id, ticket, own ? why : caf::make_error(errc::device_offline));
  };
  self_
    ->request(route.adapter, caf::infinite, atom::command_v, device_command{x.id, std::move(value)})
    .then(std::move(accepted), std::move(refused));
}

void device_state::accept(const std::string& id, std::uint64_t ticket) {
  auto i = waiting_.find(id);
  if (i == waiting_.end())
    return;
  auto x = std::ranges::find(i->second, ticket, &waiting_write::ticket);
  if (x == i->second.end())
    return;
  x->accepted = true;
  append_accepted(id);
}

void device_state::refuse(const std::string& id, std::uint64_t ticket, const caf::error& why) {
  auto i = waiting_.find(id);
  if (i == waiting_.end())
    return;
  auto x = std::ranges::find(i->second, ticket, &waiting_write::ticket);
  if (x == i->second.end())
    return;
  fail(x->answer, why);
  i->second.erase(x);
  append_accepted(id);
}

void device_state::append_accepted(const std::string& id) {
  auto i = waiting_.find(id);
  auto& writes = i->second;
  auto& at = cells_[id];
  for (; ! writes.empty() && writes.front().accepted; writes.pop_front()) {
    auto& x = writes.front();
    auto change = take(id, at, std::move(x.write), x.step);
    auto owner = caf::actor_cast<owner_actor>(self_);
    if (x.answer.pending())
      x.answer.delegate(journal_, atom::append_v, owner, generation_, std::move(change));
    else
      caf::anon_send(journal_, atom::append_v, owner, generation_, std::move(change));
  }
  if (writes.empty())
    waiting_.erase(i);
}

void device_state::refuse_overdue() {
  auto now = self_->system().clock().now();
  std::vector<std::string> ids;
  for (auto& [id, writes] : waiting_) {
    auto overdue = std::erase_if(writes, [&](waiting_write& x) {
      if (x.accepted || x.deadline > now)
        return false;
      fail(x.answer, caf::make_error(errc::timeout));
      return true;
    });
    if (overdue > 0)
      ids.push_back(id);
  }
  for (auto& id : ids)
    append_accepted(id);
  arm();
}

void device_state::arm() {
  if (std::exchange(armed_, ! waiting_.empty()) || waiting_.empty())
    return;
  self_->delayed_send(self_, options_.confirm_timeout / ticks_of_timeout, atom::tick_v);
}

// -- what the journal and the catalog say --------------------------------------------

void device_state::committed(const commit_batch& batch, const batch_places& places) {
  for (auto place : places) {
    auto& change = std::get<state_change>(batch.writes[place]);
    auto i = cells_.find(change.id);
    if (i == cells_.end() || i->second.in_flight == 0)
      continue;
    if (--i->second.in_flight == 0)
      i->second.committed.reset();
    else
      i->second.committed = change.value;
  }
}

void device_state::fall_back(append_generation refused) {
  if (refused != generation_)
    return;
  ++generation_;
  for (auto& [id, at] : cells_)
    if (std::exchange(at.in_flight, 0) > 0)
      at.latest = std::exchange(at.committed, std::nullopt);
}

void device_state::release(const std::string& prefix) {
  std::erase_if(cells_, [&](auto& x) { return is_below(x.first, prefix); });
  for (auto& [id, writes] : waiting_)
    if (is_below(id, prefix))
      for (auto& x : writes)
        fail(x.answer, caf::make_error(errc::device_offline));
  std::erase_if(waiting_, [&](auto& x) { return is_below(x.first, prefix); });
}

device_actor::behavior_type
device(device_actor::stateful_pointer<device_state> self, device_options options,
       journal_actor journal, journal_gauge_ptr gauge) {
  return self->state.make_behavior(std::move(options), std::move(journal), std::move(gauge));
}

} // namespace atrium
