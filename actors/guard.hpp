#pragma once

#include "actors/runtime/pinned.hpp"
#include "schema/log.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <string>

namespace atrium {

/// Makes `self` end with an error when a handler throws, and the text be logged: by its worker, or
/// at once if it runs on a thread of its own. For every actor that is not pinned.
template <class Actor>
void guard(Actor* self) {
  self->set_exception_handler([self](std::exception_ptr& error) -> caf::error {
    if (auto* w = runtime::worker::current()) {
      w->report(self->name(), error);
    } else {
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& e) {
        log::error("actor-failed", e.what(), {{"actor", self->name()}});
      } catch (...) {
        log::error("actor-failed", "unknown exception", {{"actor", self->name()}});
      }
    }
    return caf::make_error(caf::sec::runtime_error, std::string{self->name()});
  });
}

} // namespace atrium
