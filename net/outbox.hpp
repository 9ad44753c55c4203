#pragma once

#include "actors/runtime/worker.hpp"
#include "net/engine/options.hpp"
#include "net/traffic.hpp"
#include "schema/frame.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace atrium::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// The way out of one socket: whole frames, in order, kept by reference and written with one
/// gathered call at the end of the tick. Lives on the socket's worker.
class outbox final : public runtime::flushable {
public:
  enum class failure : std::uint8_t { none, socket, limit };

  /// @param socket must outlive the outbox, as the other two must. @param counts of its worker.
  outbox(tcp::socket& socket, runtime::worker& home, const engine::outbox_limits& limits,
         traffic& counts) noexcept;
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;
  ~outbox();

  /// What is kept alive while the socket does not take more. To be set before the first frame.
  void owner(std::weak_ptr<void> x) noexcept {
    owner_ = std::move(x);
  }

  /// Queues a frame as it is for WebSocket.
  void put(frame_ptr x);

  /// Queues bytes that no other receiver gets.
  void put_bytes(std::string bytes);

  /// Takes nothing any more; what waits is still sent.
  void seal() noexcept {
    sealed_ = true;
  }

  /// Writes as much as the socket takes now; the rest follows when it takes more. What is put is
  /// written at the end of its tick anyway.
  void write();

  /// Called at the end of the tick.
  void flush() override;

  [[nodiscard]] bool empty() const noexcept {
    return queue_.empty();
  }

  /// Bytes that wait; shared frames count for each receiver.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

  /// Why it gave up, if it did. The socket was shut down then, so that its reader ends too.
  [[nodiscard]] failure failed() const noexcept {
    return failed_;
  }

  /// Calls `drained` whenever all has been written, until it takes nothing any more.
  void watch(std::function<void()> drained) {
    drained_ = std::move(drained);
  }

private:
  void schedule();
  void wait_writable();
  void consume(std::size_t bytes);
  void forget_all() noexcept;
  void fail(failure why) noexcept;

  tcp::socket& socket_;
  runtime::worker& home_;
  const engine::outbox_limits& limits_;
  traffic& counts_;
  std::weak_ptr<void> owner_;
  std::vector<frame_ptr> queue_;
  std::size_t head_ = 0;   // frames of `queue_` that are gone
  std::size_t offset_ = 0; // bytes of the frame at `head_` that are gone
  std::size_t bytes_ = 0;
  std::function<void()> drained_;
  bool scheduled_ = false;
  bool blocked_ = false;
  bool sealed_ = false;
  failure failed_ = failure::none;
};

} // namespace atrium::net
