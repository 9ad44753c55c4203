#include "api/arguments.hpp"

#include "schema/placeholder.hpp"
#include "schema/socket_packet.hpp"

#include <stdexcept>

namespace atrium::api::detail {

void refuse_reserved(const payload& event) {
  const auto& name = event.args.front().get_string();
  if (is_reserved_event({name.data(), name.size()}))
    throw std::invalid_argument{"\"" + std::string{name} + "\" is a reserved event name"};
}

bool is_reserved_server_side(std::string_view name) noexcept {
  return name == "connect" || name == "connection" || name == "new_namespace";
}

void append_binary(payload& to, std::string bytes) {
  to.args.push_back(make_placeholder(to.attachments.size()));
  to.attachments.push_back(std::move(bytes));
}

namespace {

/// Lets placeholders refer to attachments that stand `by` further back; `count` is how many there
/// were. Depth is bounded by the decoder.
void shift_placeholders(json::value& x, std::size_t count, std::size_t by) {
  if (auto* array = x.if_array()) {
    for (auto& y : *array)
      shift_placeholders(y, count, by);
  } else if (auto* object = x.if_object()) {
    if (auto index = placeholder_index(*object, count))
      *object = make_placeholder(*index + by);
    else
      for (auto& y : *object)
        shift_placeholders(y.value(), count, by);
  }
}

} // namespace

void append_spread(payload& to, payload args) {
  auto by = to.attachments.size();
  for (auto& x : args.args) {
    if (by > 0)
      shift_placeholders(x, args.attachments.size(), by);
    to.args.push_back(std::move(x));
  }
  for (auto& x : args.attachments)
    to.attachments.push_back(std::move(x));
}

} // namespace atrium::api::detail
