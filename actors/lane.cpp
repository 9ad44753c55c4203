#include "actors/lane.hpp"

#include <limits>
#include <utility>

namespace atrium {

void lane::run(caf::execution_unit* on) {
  while (! jobs_.empty()) {
    auto jobs = std::exchange(jobs_, {});
    for (auto* job : jobs)
      if (job->resume(on, std::numeric_limits<std::size_t>::max()) == caf::resumable::resume_later)
        jobs_.push_back(job);
      else
        caf::intrusive_ptr_release(job);
  }
}

} // namespace atrium
