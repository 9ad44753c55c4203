#include "actors/catalog.hpp"

#include "actors/bulk.hpp"
#include "actors/default_objects.hpp"
#include "actors/failure.hpp"
#include "actors/guard.hpp"
#include "schema/log.hpp"
#include "schema/pattern.hpp"

#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace atrium {

namespace {

/// What web pages get of all objects, besides `system.config`.
bool is_for_pages(const object& x) noexcept {
  constexpr std::array<std::string_view, 4> types = {"state", "channel", "device", "enum"};
  return std::ranges::count(types, x.type) > 0 || x.id == "system.config";
}

} // namespace

catalog_actor::behavior_type
catalog_state::make_behavior(catalog_options options, catalog_links links,
                             const storage::recovered& model) {
  options_ = std::move(options);
  links_ = std::move(links);
  guard(self_);
  self_->set_down_handler([this](const caf::down_msg& x) { restart(x.source); });
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x.reason); });
  recover(model);
  return {
    [](atom::committed, const batch_ptr&, const batch_places&) {
      // The whole batch follows, with `publish`.
    },
    [this](atom::refused, append_generation refused) { fall_back(refused); },
    [this](atom::publish, const batch_ptr& batch) { publish(*batch); },
    [this](atom::write, write_request& x) { return write(x); },
    [this](atom::put_object, object_write& x) { return put(x); },
    [this](atom::get_state, const std::string& id) {
      auto* entry = table_.find(id);
      return entry ? entry->value : state_ptr{};
    },
    [this](atom::get_states, const states_query& query) { return states(query); },
    [this](atom::get_object, const std::string& id) {
      auto* entry = table_.find(id);
      return entry ? entry->object : nullptr;
    },
    [this](atom::getobjects, const objects_query& query) { return objects(query); },
    [this](atom::attach, const std::string& instance, const adapter_actor& adapter) {
      attach(instance, adapter);
    },
    [this](atom::detach, const std::string& instance) { detach(instance); },
    [this](atom::start) { start(); },
  };
}

// -- start -------------------------------------------------------------------------

void catalog_state::recover(const storage::recovered& model) {
  slots_.resize(options_.pool);
  table_.reserve(model.objects.size() + model.states.size());
  for (auto& x : model.objects) {
    auto read = read_object(*x.text);
    if (! read) {
      log::error("object-damaged", read.error().text, {{"id", x.id}});
      continue;
    }
    auto object = std::make_shared<const atrium::object>(std::move(*read));
    if (object->type == "device") {
      devices_.emplace(object->id, slots_.size());
      slots_.emplace_back().prefix = object->id;
    }
    if (object->type == "enum")
      enum_objects_.emplace(object->id, object);
    table_.at(x.id).first->object = std::move(object);
  }
  for (auto& x : model.states)
    table_.at(x.change.id).first->value = std::make_shared<const state>(*x.change.value);
  table_.starting_with("", [this](const std::string& id, id_entry& entry) {
    entry.owner = owner_of(id);
  });
}

void catalog_state::start() {
  for (auto& body : default_objects(options_.host)) {
    auto id = std::string{member_text(body, "_id")};
    caf::anon_send(self_, atom::put_object_v,
                   object_write{id, std::move(body), options_.self, true});
  }
  for (auto& [id, value] : default_states(options_.host)) {
    state_write write;
    write.val = std::move(value);
    write.ack = true;
    write.from = options_.self.from;
    write.user = options_.self.user;
    caf::anon_send(self_, atom::write_v, write_request{id, std::move(write), true, false});
  }
}

/// Ends behind its devices, so that what they append on their way out still meets the journal.
void catalog_state::stop(const caf::error& reason) {
  auto again = std::exchange(stopping_, true);
  auto alive = std::ranges::any_of(slots_, [](auto& x) { return x.actor != nullptr; });
  if (! alive)
    self_->quit(reason);
  else if (! again)
    for (auto& slot : slots_)
      if (slot.actor)
        self_->send_exit(slot.actor, reason);
}

// -- reads -------------------------------------------------------------------------

caf::result<text_ptr> catalog_state::states(const states_query& query) {
  states_snapshot result;
  if (query.pattern.empty()) {
    result.named.reserve(query.ids.size());
    for (auto& id : query.ids) {
      auto* entry = table_.find(id);
      result.named.emplace_back(id, entry ? entry->value : nullptr);
    }
  } else {
    auto wanted = pattern::parse(query.pattern);
    if (! wanted)
      return to_error(wanted.error());
    table_.starting_with(wanted->prefix(), [&](const std::string& id, id_entry& entry) {
      if (entry.object && entry.object->type == "state" && wanted->matches(id))
        result.found.emplace_back(entry.object, entry.value);
    });
  }
  if (result.size() <= options_.encode_here_max)
    return encode(result);
  return self_->delegate(links_.readers, atom::encode_v, std::move(result));
}

caf::result<text_ptr> catalog_state::objects(const objects_query& query) {
  objects_snapshot result;
  result.enums = enums();
  result.rooms_only = query.all;
  if (query.all)
    table_.starting_with("", [&](const std::string&, id_entry& entry) {
      if (entry.object && is_for_pages(*entry.object))
        result.found.push_back(entry.object);
    });
  else
    for (auto& id : query.ids)
      if (auto* entry = table_.find(id); entry && entry->object)
        result.found.push_back(entry->object);
  if (result.found.size() <= options_.encode_here_max)
    return encode(result);
  return self_->delegate(links_.readers, atom::encode_v, std::move(result));
}

void catalog_state::publish(const commit_batch& batch) {
  for (auto& write : batch.writes) {
    if (auto* object = std::get_if<storage::object_change>(&write)) {
      commit_object(*object);
    } else {
      auto& change = std::get<state_change>(write);
      auto& entry = entry_of(change.id);
      entry.value = change.value ? std::make_shared<const state>(*change.value) : nullptr;
    }
  }
}

catalog_actor::behavior_type
catalog(catalog_actor::stateful_pointer<catalog_state> self, catalog_options options,
        catalog_links links, recovered_model model) {
  return self->state.make_behavior(std::move(options), std::move(links), *model);
}

} // namespace atrium
