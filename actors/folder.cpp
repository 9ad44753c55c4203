#include "actors/folder.hpp"

#include "actors/guard.hpp"
#include "schema/json_text.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>
#include <utility>

namespace atrium {

std::optional<storage::retention>
retention_of(std::string_view object_text, const storage::retention& otherwise) {
  // Most objects do not ask: they need not be parsed.
  if (object_text.find("\"retention\"") == std::string_view::npos)
    return std::nullopt;
  auto body = parse_json(object_text);
  auto* part = body ? body->if_object() : nullptr;
  for (auto* key : {"common", "custom", "history.0"}) {
    auto* next = part ? part->if_contains(key) : nullptr;
    part = next ? next->if_object() : nullptr;
  }
  auto* seconds = part ? part->if_contains("retention") : nullptr;
  if (! seconds || ! seconds->is_int64())
    return std::nullopt;
  auto result = otherwise;
  result.age_max = std::chrono::seconds{std::max<std::int64_t>(seconds->get_int64(), 0)};
  auto* days = part->if_contains("customRetentionDuration");
  if (*seconds == -1 && days && days->is_int64() && days->get_int64() > 0)
    result.age_max = std::chrono::hours{24} * std::min<std::int64_t>(days->get_int64(), 100'000);
  return result;
}

folder_actor::behavior_type
folder_state::make_behavior(folder_options options, storage::history_folder_ptr folder) {
  options_ = std::move(options);
  folder_ = std::move(folder);
  next_retention_ = self_->system().clock().now() + options_.retention_interval;
  guard(self_);
  self_->delayed_send(self_, options_.interval, atom::fold_v);
  return {
    [this](atom::publish, const batch_ptr& batch) { learn(*batch); },
    [this](atom::fold) {
      auto more = fold();
      more |= retain();
      self_->delayed_send(self_, more ? options_.busy_interval : options_.interval, atom::fold_v);
    },
  };
}

void folder_state::learn(const commit_batch& batch) {
  for (auto& write : batch.writes)
    if (auto* object = std::get_if<storage::object_change>(&write)) {
      auto wanted = object->text ? retention_of(*object->text, options_.keep.all) : std::nullopt;
      if (wanted)
        options_.keep.states[object->id] = *wanted;
      else
        options_.keep.states.erase(object->id);
    }
}

/// @returns whether there is more to do soon.
bool folder_state::fold() {
  auto report = folder_->fold();
  if (! report)
    log::warn("fold-failed", report.error().message);
  return report && report->rows_left > 0;
}

bool folder_state::retain() {
  auto now = self_->system().clock().now();
  if (now < next_retention_)
    return false;
  auto report = folder_->retain(options_.keep, options_.now());
  if (! report)
    log::warn("retention-failed", report.error().message);
  auto more = report && ! report->complete;
  if (! more)
    next_retention_ = now + options_.retention_interval;
  return more;
}

folder_actor::behavior_type folder(folder_actor::stateful_pointer<folder_state> self,
                                   folder_options options, storage::history_folder_ptr store) {
  return self->state.make_behavior(std::move(options), std::move(store));
}

} // namespace atrium
