#pragma once

#include "api/event.hpp"

namespace atrium::api {

/// An event behind its handles. `content.args` starts with the name.
struct event::data {
  payload content;
  std::string number_name; // the text of a name that is a number
  std::optional<std::uint64_t> ack_id;
  std::shared_ptr<detail::socket_core> from; // only while it wants an acknowledgement
};

} // namespace atrium::api
