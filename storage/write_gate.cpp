#include "storage/write_gate.hpp"

namespace atrium::storage {

write_gate::pass::pass(write_gate& gate, urgency how) : gate_{gate} {
  auto lock = std::unique_lock{gate_.mutex_};
  if (how == urgency::journal) {
    ++gate_.urgent_waiting_;
    gate_.free_.wait(lock, [this] { return ! gate_.taken_; });
    --gate_.urgent_waiting_;
  } else {
    gate_.free_.wait(lock, [this] { return ! gate_.taken_ && gate_.urgent_waiting_ == 0; });
  }
  gate_.taken_ = true;
}

write_gate::pass::~pass() {
  {
    auto lock = std::scoped_lock{gate_.mutex_};
    gate_.taken_ = false;
  }
  gate_.free_.notify_all();
}

} // namespace atrium::storage
