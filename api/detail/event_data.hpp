#pragma once

#include "api/event.hpp"

#include <functional>

namespace atrium::api::detail {

/// An event behind its handles. `content.args` starts with the name.
struct event_data {
  payload content;
  std::string number_name; // the text of a name that is a number
  std::optional<std::uint64_t> ack_id;
  std::shared_ptr<socket_core> from; // only while it wants an acknowledgement
  /// Takes the acknowledgement of an event that another server emitted.
  std::unique_ptr<std::function<void(payload)>> answer;
};

/// A handle of an event with this content.
event make_event(payload content);

} // namespace atrium::api::detail
