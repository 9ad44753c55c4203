// Which device owns which id, and how ids change hands.

#include "actors/catalog.hpp"
#include "schema/id.hpp"
#include "schema/log.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

namespace atrium {

namespace {

/// The adapter instance that an id belongs to by its name: its first two levels.
std::string_view instance_of(std::string_view id) noexcept {
  auto dot = id.find('.');
  return dot == std::string_view::npos ? id : id.substr(0, id.find('.', dot + 1));
}

} // namespace

// -- writes ------------------------------------------------------------------------

caf::result<sequence> catalog_state::write(write_request& x) {
  auto& entry = entry_of(x.id);
  auto& slot = slots_[entry.owner];
  if (slot.holds > 0) {
    auto answer = self_->make_response_promise<sequence>();
    slot.held.push_back({std::move(x), answer});
    return answer;
  }
  auto route = route_of(x, entry, slot);
  return self_->delegate(actor_of(slot), atom::write_v, std::move(x), std::move(route));
}

void catalog_state::pass(write_request& x, promise& answer) {
  auto& entry = entry_of(x.id);
  auto& slot = slots_[entry.owner];
  if (slot.holds > 0) {
    slot.held.push_back({std::move(x), std::move(answer)});
    return;
  }
  auto route = route_of(x, entry, slot);
  if (answer.pending())
    answer.delegate(actor_of(slot), atom::write_v, std::move(x), std::move(route));
  else
    caf::anon_send(actor_of(slot), atom::write_v, std::move(x), std::move(route));
}

const device_actor& catalog_state::actor_of(owner_slot& slot) {
  if (! slot.actor) {
    slot.actor = self_->spawn(device, options_.device, links_.journal, links_.gauge);
    self_->monitor(slot.actor);
  }
  return slot.actor;
}

write_route
catalog_state::route_of(const write_request& x, id_entry& entry, const owner_slot& slot) {
  write_route result;
  if (entry.object)
    result.step = entry.object->step;
  if (entry.seeded != slot.life)
    result.seed = entry.value;
  entry.seeded = slot.life;
  if (! x.write.ack && ! x.from_owner)
    if (auto i = adapters_.find(instance_of(x.id)); i != adapters_.end())
      result.adapter = i->second;
  return result;
}

id_entry& catalog_state::entry_of(const std::string& id) {
  auto [entry, added] = table_.at(id);
  if (added)
    entry->owner = owner_of(id);
  return *entry;
}

std::uint32_t catalog_state::owner_of(std::string_view id) const {
  if (! devices_.empty())
    for (auto level = id;; level = level.substr(0, level.rfind('.'))) {
      if (auto i = devices_.find(std::string{level}); i != devices_.end())
        return i->second;
      if (level.find('.') == std::string_view::npos)
        break;
    }
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(id) % options_.pool);
}

// -- changes of ownership --------------------------------------------------------------

void catalog_state::add_device(const std::string& prefix) {
  auto free = std::find_if(slots_.begin() + options_.pool, slots_.end(),
                           [](auto& x) { return x.prefix.empty(); });
  if (free == slots_.end())
    free = slots_.emplace(slots_.end());
  free->prefix = prefix;
  devices_.emplace(prefix, static_cast<std::uint32_t>(free - slots_.begin()));
  std::set<std::uint32_t> from;
  auto to = reassign(prefix, from);
  for (auto i : from)
    release(i, prefix, to, false);
}

void catalog_state::remove_device(const std::string& prefix) {
  auto known = devices_.find(prefix);
  if (known == devices_.end())
    return;
  auto gone = known->second;
  devices_.erase(known);
  std::set<std::uint32_t> from;
  auto to = reassign(prefix, from);
  release(gone, prefix, std::move(to), true);
}

std::set<std::uint32_t>
catalog_state::reassign(const std::string& prefix, std::set<std::uint32_t>& from) {
  std::set<std::uint32_t> to;
  table_.below(prefix, [&](const std::string& id, id_entry& entry) {
    auto next = owner_of(id);
    if (next == entry.owner)
      return;
    from.insert(entry.owner);
    to.insert(next);
    entry.owner = next;
    entry.seeded = 0;
  });
  return to;
}

void catalog_state::hold(const std::set<std::uint32_t>& owners) {
  for (auto i : owners)
    ++slots_[i].holds;
}

void catalog_state::let_pass(const std::set<std::uint32_t>& owners) {
  for (auto i : owners)
    if (--slots_[i].holds == 0)
      for (auto& x : std::exchange(slots_[i].held, {}))
        pass(x.write, x.answer);
}

void catalog_state::release(std::uint32_t from, const std::string& prefix,
                            std::set<std::uint32_t> to, bool ends) {
  // The old owner holds too: what waits there finds its new owner when it passes.
  to.insert(from);
  hold(to);
  auto done = [this, from, to, ends] {
    auto& slot = slots_[from];
    if (ends) {
      if (slot.actor) {
        self_->demonitor(slot.actor.address());
        self_->send_exit(slot.actor, caf::exit_reason::user_shutdown);
      }
      slot.actor = nullptr;
      ++slot.life;
    }
    let_pass(to);
    if (ends)
      slots_[from].prefix.clear();
  };
  auto& old = slots_[from].actor;
  if (old)
    self_->request(old, caf::infinite, atom::release_v, prefix)
      .then([done](sequence) { done(); }, [this, done](caf::error&) { fence(done); });
  else
    done();
}

void catalog_state::restart(const caf::actor_addr& gone) {
  auto slot
    = std::ranges::find_if(slots_, [&](auto& x) { return x.actor && x.actor.address() == gone; });
  if (slot == slots_.end())
    return;
  if (stopping_) {
    slot->actor = nullptr;
    stop(caf::exit_reason::user_shutdown);
    return;
  }
  log::error("device-failed", "a device ended and is started again", {{"device", slot->prefix}});
  slot->actor = nullptr;
  ++slot->life;
  std::set<std::uint32_t> owners{static_cast<std::uint32_t>(slot - slots_.begin())};
  hold(owners);
  fence([this, owners] { let_pass(owners); });
}

void catalog_state::fence(std::function<void()> done) {
  self_->request(links_.journal, caf::infinite, atom::fence_v)
    .then([done](sequence) { done(); }, [done](caf::error&) { done(); });
}

// -- adapters --------------------------------------------------------------------------

void catalog_state::attach(const std::string& instance, const adapter_actor& adapter) {
  adapters_[instance] = adapter;
  std::set<std::uint32_t> owners;
  table_.below(instance, [&](const std::string&, id_entry& entry) { owners.insert(entry.owner); });
  hold(owners);
  // One more than there are devices, so that it ends here when there are none.
  auto waiting = std::make_shared<std::size_t>(1);
  auto done = [this, instance, adapter, owners, waiting] {
    if (--*waiting > 0)
      return;
    restore(instance, adapter);
    let_pass(owners);
  };
  for (auto i : owners)
    if (auto& device = slots_[i].actor) {
      ++*waiting;
      self_->request(device, caf::infinite, atom::fence_v)
        .then([done](sequence) { done(); }, [this, done](caf::error&) { fence(done); });
    }
  done();
}

void catalog_state::restore(const std::string& instance, const adapter_actor& adapter) {
  known_states known;
  table_.below(instance, [&](const std::string& id, id_entry& entry) {
    if (entry.value)
      known.emplace_back(id, entry.value);
  });
  self_->send(adapter, atom::restore_v, std::move(known));
}

void catalog_state::detach(const std::string& instance) {
  adapters_.erase(instance);
  table_.below(instance, [this, &instance](const std::string& id, id_entry& entry) {
    if (! entry.value)
      return;
    state_write write;
    write.ack = entry.value->ack;
    write.q = quality_not_connected;
    write.from = "system.adapter." + instance;
    write.user = options_.self.user;
    caf::anon_send(self_, atom::write_v, write_request{id, std::move(write), true, false});
  });
}

} // namespace atrium
