#include "actors/journal_gauge.hpp"

#include "schema/json.hpp"

namespace atrium {

namespace {

std::size_t weight_of(const json::value& x) noexcept {
  switch (x.kind()) {
    case json::kind::string: return sizeof(x) + x.get_string().size();
    case json::kind::array: {
      auto result = sizeof(x);
      for (auto& element : x.get_array())
        result += weight_of(element);
      return result;
    }
    case json::kind::object: {
      auto result = sizeof(x);
      for (auto& member : x.get_object())
        result += sizeof(member) + member.key().size() + weight_of(member.value());
      return result;
    }
    default: return sizeof(x);
  }
}

} // namespace

std::size_t journal_gauge::weight(const storage::write& x) noexcept {
  // What surrounds a write in a mailbox: the element, the message, the promise.
  constexpr std::size_t overhead = 512;
  if (auto* change = std::get_if<storage::object_change>(&x))
    return overhead + change->id.size() + (change->text ? change->text->size() : 0);
  auto& change = std::get<state_change>(x);
  auto result = overhead + change.id.size();
  if (auto& value = change.value)
    result += weight_of(value->val) + value->from.size() + value->user.size() + value->c.size();
  return result;
}

} // namespace atrium
