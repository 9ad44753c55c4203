#pragma once

namespace atrium::runtime {

/// Something to be written out when the tick of its worker ends.
class flushable {
public:
  /// Called once, on the worker's thread, at the end of the tick in which `worker::flush_later` was
  /// called. It may ask for another flush, which then happens in the next tick.
  virtual void flush() = 0;

protected:
  ~flushable() = default;
};

} // namespace atrium::runtime
