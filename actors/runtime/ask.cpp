#include "actors/runtime/ask.hpp"

namespace atrium::runtime {

caf::behavior asker::make_behavior() {
  // It only gets answers; a behaviour keeps it alive until its exit.
  return {[](caf::unit_t) {}};
}

} // namespace atrium::runtime
