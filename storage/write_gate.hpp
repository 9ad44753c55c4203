#pragma once

#include <condition_variable>
#include <mutex>

namespace atrium::storage {

/// Who may write atrium.db next, within this process. SQLite's own lock lets those who wait sleep
/// and retry, in no order; here the journal is woken at once and always goes before the folder,
/// however quickly the folder comes back for its next slice.
class write_gate {
public:
  enum class urgency { journal, background };

  /// Holds the gate while it lives.
  class pass {
  public:
    pass(write_gate& gate, urgency how);
    pass(const pass&) = delete;
    pass& operator=(const pass&) = delete;
    ~pass();

  private:
    write_gate& gate_;
  };

private:
  std::mutex mutex_;
  std::condition_variable free_;
  bool taken_ = false;
  unsigned urgent_waiting_ = 0;
};

} // namespace atrium::storage
