#pragma once

#include "actors/lane_types.hpp"
#include "actors/runtime/worker.hpp"
#include "api/detail/counters.hpp"
#include "schema/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace atrium::api::detail {

/// The acknowledgements that one socket waits for. Each is completed once: by the client, by its
/// deadline
/// (`errc::timeout`), or by the end of the socket (`errc::cancelled`). For use on the socket's
/// worker.
class pending_acks {
public:
  using completion = std::function<void(result<payload>)>;

  /// @param counts of the socket's worker; must outlive this.
  explicit pending_acks(counters& counts);
  pending_acks(const pending_acks&) = delete;
  pending_acks& operator=(const pending_acks&) = delete;
  ~pending_acks();

  /// Waits for `id`. Without a timeout it waits as long as the socket lives.
  void add(runtime::worker& home, std::uint64_t id,
           std::optional<std::chrono::milliseconds> timeout, completion then);

  /// The client has answered; unknown ids are ignored.
  void answer(std::uint64_t id, payload args);

  /// Completes all with `why`.
  void fail_all(errc why);

  std::size_t size() const noexcept {
    return waiting_.size();
  }

private:
  struct entry;
  void complete(std::uint64_t id, result<payload> x);

  counters& counts_;
  std::unordered_map<std::uint64_t, std::unique_ptr<entry>> waiting_;
};

} // namespace atrium::api::detail
