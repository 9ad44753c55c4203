// How objects are written.

#include "actors/catalog.hpp"
#include "actors/failure.hpp"
#include "schema/json_text.hpp"

#include <utility>

namespace atrium {

namespace {

std::optional<json::object> body_of(const object_ptr& x) {
  auto body = x ? parse_json(x->text) : result<json::value>{errc::no_such_object};
  return body && body->is_object() ? std::optional{std::move(body->get_object())} : std::nullopt;
}

} // namespace

caf::result<sequence> catalog_state::put(object_write& x) {
  auto latest = latest_object(x.id);
  if (latest && x.only_if_absent)
    return sequence{0};
  auto old = body_of(latest);
  auto body
    = merge_object(x.id, std::move(x.body), old ? &*old : nullptr, x.who, options_.device.now());
  if (! body)
    return to_error(body.error());
  if (! latest)
    add_default_acl(*body);
  auto value = table_.at(x.id).first->value ? std::nullopt : initial_write(*body, x.who);
  auto next = std::make_shared<const object>(make_object(std::move(*body)));
  return value ? append_with_value(std::move(next), std::move(*value)) : append(std::move(next));
}

object_ptr catalog_state::latest_object(const std::string& id) const {
  if (auto i = pending_.find(id); i != pending_.end())
    return i->second.latest;
  auto* entry = table_.find(id);
  return entry ? entry->object : nullptr;
}

storage::write catalog_state::take_object(object_ptr x) {
  storage::write result{storage::object_change{x->id, x->text}};
  links_.gauge->enter(result);
  auto& at = pending_[x->id];
  ++at.in_flight;
  at.latest = std::move(x);
  return result;
}

caf::result<sequence> catalog_state::append(object_ptr x) {
  return self_->delegate(links_.journal, atom::append_v, caf::actor_cast<owner_actor>(self_),
                         generation_, take_object(std::move(x)));
}

caf::result<sequence> catalog_state::append_with_value(object_ptr x, state_write value) {
  auto answer = self_->make_response_promise<sequence>();
  auto failed = [answer](caf::error& why) mutable { answer.deliver(std::move(why)); };
  write_request write{x->id, std::move(value), false, true};
  // Both must be durable before the answer, for whoever has it may read the value.
  self_
    ->request(links_.journal, caf::infinite, atom::append_v, caf::actor_cast<owner_actor>(self_),
              generation_, take_object(std::move(x)))
    .then(
      [this, answer, failed, write](sequence) mutable {
        self_
          ->request(caf::actor_cast<catalog_actor>(self_), caf::infinite, atom::write_v,
                    std::move(write))
          .then([answer](sequence seq) mutable { answer.deliver(seq); }, failed);
      },
      failed);
  return answer;
}

void catalog_state::commit_object(const storage::object_change& x) {
  object_ptr next;
  if (auto i = pending_.find(x.id); i != pending_.end()) {
    if (--i->second.in_flight == 0) {
      next = std::move(i->second.latest);
      pending_.erase(i);
    }
  }
  if (! next && x.text) {
    auto read = read_object(*x.text);
    if (! read)
      return;
    next = std::make_shared<const object>(std::move(*read));
  }
  place_object(entry_of(x.id), std::move(next), x.id);
}

void catalog_state::place_object(id_entry& entry, object_ptr x, const std::string& id) {
  auto was_device = entry.object && entry.object->type == "device";
  auto was_enum = entry.object && entry.object->type == "enum";
  auto is_device = x && x->type == "device";
  auto is_enum = x && x->type == "enum";
  entry.object = x;
  if (was_enum || is_enum) {
    enums_ = nullptr;
    enum_objects_.erase(id);
    if (is_enum)
      enum_objects_.emplace(id, std::move(x));
  }
  if (is_device && ! was_device)
    add_device(id);
  if (was_device && ! is_device)
    remove_device(id);
}

void catalog_state::add_default_acl(json::object& body) const {
  auto config = body_of(latest_object("system.config"));
  auto* common = config ? member_object(*config, "common") : nullptr;
  auto* acl = common ? member_object(*common, "defaultNewAcl") : nullptr;
  if (acl)
    body.emplace("acl", *acl);
}

std::shared_ptr<const enum_index> catalog_state::enums() {
  if (! enums_)
    enums_ = std::make_shared<const enum_index>(enum_objects_);
  return enums_;
}

void catalog_state::fall_back(append_generation refused) {
  if (refused != generation_)
    return;
  ++generation_;
  pending_.clear();
}

} // namespace atrium
