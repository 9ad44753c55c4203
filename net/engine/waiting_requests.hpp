#pragma once

#include "net/engine/session_port.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace atrium::net {
struct request_info;
}

namespace atrium::net::engine {

/// Whoever waits for the answer of a polling request.
class requester {
public:
  [[nodiscard]] virtual const request_info& request() const noexcept = 0;
  virtual void answer(http_response x) = 0;
  /// Ends the TCP connection without an answer.
  virtual void drop() = 0;
  /// How long ago the last bytes of the request reached this machine, in the coarse time of its
  /// network stack; absent if that is not known.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> age() noexcept = 0;

protected:
  ~requester() = default;
};

/// The polling requests of one session that are not done with yet; seldom more than two. They are
/// kept alive. Used on the session's worker.
class waiting_requests {
public:
  /// @param id is new.
  void add(request_id id, std::shared_ptr<requester> x);

  /// Forgets one; nothing if it is not there.
  void remove(request_id id) noexcept;

  /// Who waits for `id`; null if nobody does.
  [[nodiscard]] requester* find(request_id id) const noexcept {
    for (auto& x : all_)
      if (x.id == id)
        return x.from.get();
    return nullptr;
  }

  /// Whether `x` is known to have reached this machine before `y`.
  [[nodiscard]] bool came_before(request_id x, request_id y) const;

private:
  struct waiting {
    request_id id;
    std::shared_ptr<requester> from;
  };
  std::vector<waiting> all_;
};

} // namespace atrium::net::engine
