#include "net/outbox.hpp"

#include "net/engine/wire.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace atrium::net {

namespace {

constexpr std::size_t gather_max = 64;
// A queue that once was longer gives its memory back when it is empty.
constexpr std::size_t keep_capacity_max = 16;

/// The parts of queued frames as one gathered write takes them.
class gather { // NOLINT(cppcoreguidelines-pro-type-member-init): read as far as it was filled
public:
  /// Adds the parts of `x` behind `skip` bytes. @returns whether there is room for another frame.
  bool add(const frame& x, std::size_t skip) noexcept {
    return add(x.head, skip) && add_attachments(x, skip);
  }

  ssize_t send(int socket) noexcept {
    msghdr message{};
    message.msg_iov = parts_.data();
    message.msg_iovlen = count_;
    return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  bool add(const frame_part& part, std::size_t& skip) noexcept {
    auto skipped = std::min(skip, part.bytes.size());
    skip -= skipped;
    if (skipped == part.bytes.size())
      return true;
    auto* begin = const_cast<char*>(part.bytes.data()) + skipped; // NOLINT: iovec knows no const
    parts_[count_++] = {begin, part.bytes.size() - skipped};
    bytes_ += part.bytes.size() - skipped;
    return count_ < gather_max;
  }

  bool add_attachments(const frame& x, std::size_t skip) noexcept {
    for (auto& part : x.attachments)
      if (! add(part, skip))
        return false;
    return true;
  }

  std::array<iovec, gather_max> parts_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace

outbox::outbox(tcp::socket& socket, runtime::worker& home, const engine::outbox_limits& limits,
               traffic& counts) noexcept
  : socket_{socket},
    home_{home},
    limits_{limits},
    counts_{counts} {
}

outbox::~outbox() {
  forget_all();
  if (scheduled_)
    home_.forget(*this);
}

void outbox::put(frame_ptr x) {
  if (sealed_)
    return;
  auto bytes = x->attachments.empty() ? x->head.bytes.size() : engine::frame_bytes(*x);
  bytes_ += bytes;
  counts_.outbox_bytes.add(static_cast<std::int64_t>(bytes));
  queue_.push_back(std::move(x));
  if (! blocked_)
    schedule();
  else if (bytes_ > limits_.bytes_max)
    fail(failure::limit);
}

void outbox::put_bytes(std::string bytes) {
  if (bytes.empty())
    return;
  auto x = std::make_shared<frame>();
  x->head.bytes = std::move(bytes);
  put(std::move(x));
}

void outbox::schedule() {
  if (std::exchange(scheduled_, true))
    return;
  home_.flush_later(*this);
}

void outbox::flush() {
  scheduled_ = false;
  write();
}

void outbox::write() {
  while (! queue_.empty() && ! blocked_) {
    gather parts;
    auto skip = offset_;
    for (auto i = head_; i < queue_.size(); ++i)
      if (! parts.add(*queue_[i], std::exchange(skip, 0)))
        break;
    auto n = parts.send(socket_.native_handle());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno != EAGAIN)
      return fail(failure::socket);
    if (n > 0)
      consume(static_cast<std::size_t>(n));
    if (n < 0 || static_cast<std::size_t>(n) < parts.bytes())
      wait_writable();
  }
  if (bytes_ > limits_.bytes_max)
    return fail(failure::limit);
  if (queue_.empty() && drained_ && ! sealed_)
    drained_();
}

void outbox::consume(std::size_t bytes) {
  bytes_ -= bytes;
  counts_.outbox_bytes.sub(static_cast<std::int64_t>(bytes));
  counts_.by_transport[static_cast<std::size_t>(engine::transport::websocket)].bytes_sent.add(
    bytes);
  offset_ += bytes;
  while (head_ < queue_.size()) {
    auto size = engine::frame_bytes(*queue_[head_]);
    if (offset_ < size)
      break;
    offset_ -= size;
    queue_[head_++].reset();
  }
  if (head_ < queue_.size()) {
    if (head_ < gather_max)
      return;
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
    return;
  }
  queue_.clear();
  head_ = 0;
  if (queue_.capacity() > keep_capacity_max)
    queue_.shrink_to_fit();
}

void outbox::wait_writable() {
  blocked_ = true;
  socket_.async_wait(tcp::socket::wait_write,
                     [this, keep = owner_.lock()](const boost::system::error_code& ec) {
                       blocked_ = false;
                       // Also when only the wait was cancelled, by somebody who meant a read.
                       if (failed_ == failure::none && (! ec || socket_.is_open()))
                         write();
                     });
}

void outbox::forget_all() noexcept {
  counts_.outbox_bytes.sub(static_cast<std::int64_t>(bytes_));
  queue_.clear();
  queue_.shrink_to_fit();
  head_ = offset_ = bytes_ = 0;
}

void outbox::fail(failure why) noexcept {
  failed_ = why;
  sealed_ = true;
  forget_all();
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

} // namespace atrium::net
