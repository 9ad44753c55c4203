#pragma once

#include "actors/runtime/worker.hpp"

#include <exception>
#include <utility>

namespace atrium::api::detail {

/// Calls a handler of the program on `home`. What it throws is reported and counted, and that is
/// all: its connection stays, the next handler is called.
template <class F>
void guarded(runtime::worker& home, F&& f) noexcept {
  try {
    std::forward<F>(f)();
  } catch (...) {
    home.report("event handler", std::current_exception());
  }
}

} // namespace atrium::api::detail
