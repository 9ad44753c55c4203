#include "net/tls/door.hpp"

#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/worker.hpp"
#include "net/http/head.hpp"
#include "net/http_connection.hpp"
#include "net/linger.hpp"
#include "schema/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace atrium::net {

namespace asio = boost::asio;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds linger_time{2000};
// The most that one record holds.
constexpr std::size_t record_bytes = std::size_t{16} * 1024;
// How much one direction moves before others have their turn.
constexpr int records_per_turn = 16;
// What the local sockets may hold each way.
constexpr int pair_bytes = 128 * 1024;

using record = std::array<char, record_bytes>;

} // namespace

tls_door::tls_door(std::shared_ptr<shard> place, tcp::socket socket, tcp::endpoint remote)
  : shard_{std::move(place)},
    outer_{std::move(socket)},
    remote_{std::move(remote)},
    tls_{*shard_->owner().tls, outer_.native_handle()},
    inner_{shard_->home().io()} {
  shard_->add_door(*this);
}

tls_door::~tls_door() {
  shard_->owner().doors.fetch_sub(1, std::memory_order_relaxed);
}

void tls_door::start() {
  boost::system::error_code ec;
  outer_.native_non_blocking(true, ec);
  if (! ec)
    runtime::spawn(shard_->home(), run(shared_from_this()), "tls");
}

asio::awaitable<void> tls_door::run(std::shared_ptr<tls_door> self) {
  self->arm(self->shard_->owner().listen.http.header_timeout);
  auto welcome = co_await self->shake_hands();
  self->shard_->home().timers().cancel(self->deadline_);
  if (! welcome) {
    self->count_failure();
    co_return co_await self->send_away();
  }
  self->shard_->counts().tls_handshakes.add();
  if (! self->open())
    co_return self->abort();
  runtime::spawn(self->shard_->home(), relay_in(self), "tls in");
  runtime::spawn(self->shard_->home(), relay_out(self), "tls out");
  // Ends when nobody has the other end any more.
  co_await self->inner_.async_wait(asio::socket_base::wait_error, token);
  self->inner_closed_ = true;
  if (self->out_ended_)
    self->abort();
  else
    self->arm(self->shard_->owner().listen.http.write_timeout);
}

asio::awaitable<bool> tls_door::shake_hands() {
  for (;;) {
    auto now = tls_.handshake();
    if (now == tls_stream::state::done || now == tls_stream::state::ended)
      co_return now == tls_stream::state::done;
    auto ready = co_await wait(now == tls_stream::state::wants_read ? need::outer_readable
                                                                    : need::outer_writable);
    if (! ready)
      co_return false;
  }
}

void tls_door::count_failure() {
  // Closed on this side, for it took too long or the server ends.
  auto closed = ! outer_.is_open();
  if (closed && ! late_)
    return;
  auto cause = closed ? tls_failure::timeout : tls_.cause();
  shard_->counts().tls_failed[static_cast<std::size_t>(cause)].add();
}

/// Lets the peer see why: the alert that was sent, or an answer that it understands.
asio::awaitable<void> tls_door::send_away() {
  log::debug("tls-refused", "a TLS handshake failed",
             {{"address", remote_.address().to_string()}, {"reason", tls_.failure()}});
  arm(linger_time);
  if (tls_.cause() == tls_failure::plain_http) {
    auto answer = make_response(400, "This port speaks HTTPS.\n");
    auto text = response_head(answer, false) + answer.body;
    co_await asio::async_write(outer_, asio::buffer(text), token);
  }
  co_await linger(outer_, nullptr);
}

bool tls_door::open() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    log::warn("tls-failed", "a connection was closed: no sockets are left", {{"error", errno}});
    return false;
  }
  for (auto end : ends)
    ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &pair_bytes, sizeof(pair_bytes));
  inner_.assign({}, ends[0]);
  tcp::socket plain{shard_->home().io(), remote_.protocol(), ends[1]};
  remote_peer who{remote_, true, tls_.peer_subject()};
  std::make_shared<http_connection>(shard_, std::move(plain), std::move(who))->start();
  open_ = true;
  return true;
}

// -- relaying ------------------------------------------------------------------------------

asio::awaitable<void> tls_door::relay_in(std::shared_ptr<tls_door> self) {
  while (co_await self->wait(self->pump_in()))
    ;
  boost::system::error_code ignored;
  self->inner_.shutdown(asio::socket_base::shutdown_send, ignored);
}

asio::awaitable<void> tls_door::relay_out(std::shared_ptr<tls_door> self) {
  while (co_await self->wait(self->pump_out()))
    ;
  boost::system::error_code ignored;
  self->outer_.shutdown(asio::socket_base::shutdown_send, ignored);
  self->out_ended_ = true;
  if (self->inner_closed_)
    self->abort();
}

asio::awaitable<bool> tls_door::wait(need x) {
  if (x == need::end)
    co_return false;
  if (x == need::turn) {
    co_await asio::post(asio::use_awaitable);
    co_return outer_.is_open();
  }
  auto reads = x == need::outer_readable || x == need::inner_readable;
  auto what = reads ? asio::socket_base::wait_read : asio::socket_base::wait_write;
  if (x == need::inner_readable || x == need::inner_writable) {
    auto [ec] = co_await inner_.async_wait(what, token);
    co_return ! ec;
  }
  auto [ec] = co_await outer_.async_wait(what, token);
  co_return ! ec;
}

tls_door::need tls_door::pump_in() {
  record space; // NOLINT(cppcoreguidelines-pro-type-member-init): read as far as it was filled
  for (auto i = 0; i < records_per_turn; ++i) {
    if (! in_.empty()) {
      auto rest = std::exchange(in_, {});
      if (! send_inside(rest))
        return need::end;
    }
    if (! in_.empty())
      return need::inner_writable;
    auto step = tls_.read(space);
    switch (step.now) {
      case tls_stream::state::wants_read: return need::outer_readable;
      case tls_stream::state::wants_write: return need::outer_writable;
      case tls_stream::state::ended: return need::end;
      case tls_stream::state::done: break;
    }
    if (! send_inside({space.data(), step.bytes}))
      return need::end;
  }
  return in_.empty() ? need::turn : need::inner_writable;
}

/// Keeps what is not taken now. @returns whether the other end is still there.
bool tls_door::send_inside(std::string_view bytes) {
  while (! bytes.empty()) {
    auto n
      = ::send(inner_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN) {
      in_ = bytes;
      break;
    }
    if (n < 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

tls_door::need tls_door::pump_out() {
  record space; // NOLINT(cppcoreguidelines-pro-type-member-init): read as far as it was filled
  for (auto i = 0; i < records_per_turn; ++i) {
    std::string_view bytes = out_;
    if (out_.empty()) {
      auto n = ::recv(inner_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
      if (n < 0 && errno == EAGAIN)
        return need::inner_readable;
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return say_goodbye();
      bytes = {space.data(), static_cast<std::size_t>(n)};
    }
    auto step = tls_.write(bytes);
    if (step.now == tls_stream::state::ended) {
      // The peer is gone: whoever writes to it learns it now.
      boost::system::error_code ignored;
      inner_.shutdown(asio::socket_base::shutdown_both, ignored);
      return need::end;
    }
    if (step.now == tls_stream::state::done) {
      out_ = std::string{};
      continue;
    }
    if (out_.empty())
      out_ = bytes;
    return step.now == tls_stream::state::wants_read ? need::outer_readable : need::outer_writable;
  }
  return need::turn;
}

tls_door::need tls_door::say_goodbye() {
  switch (tls_.shut_down()) {
    case tls_stream::state::wants_write: return need::outer_writable;
    default: return need::end;
  }
}

// -- ending ----------------------------------------------------------------------------------

void tls_door::arm(std::chrono::milliseconds after) {
  auto& home = shard_->home();
  home.timers().arm(deadline_, home.now() + after);
}

void tls_door::deadline::fire() {
  owner.late_ = true;
  owner.abort();
}

void tls_door::abort() noexcept {
  shard_->home().timers().cancel(deadline_);
  boost::system::error_code ignored;
  outer_.close(ignored);
  inner_.close(ignored);
}

void tls_door::retire() noexcept {
  // A connection that is open has somebody behind it who is told.
  if (! open_)
    abort();
}

} // namespace atrium::net
