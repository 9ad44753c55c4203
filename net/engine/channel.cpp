#include "net/engine/channel.hpp"

#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/sleep.hpp"
#include "net/engine/live_session.hpp"
#include "net/linger.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/error.hpp>

#include <algorithm>
#include <utility>

namespace atrium::net::engine {

namespace websocket = beast::websocket;
using actors::close_reason;

namespace {

// Clients of protocol 3 may begin to listen for messages only when they have handled the 101. A
// busy one takes some milliseconds to read it.
constexpr std::chrono::milliseconds open_delay_v3{20};

} // namespace

channel::channel(std::shared_ptr<shard> place, const options& x, tcp::socket socket)
  : shard_{std::move(place)},
    options_{x},
    socket_{std::move(socket), shard_->home(), options_.outbox, shard_->counts()} {
  socket_.read_message_max(options_.max_http_buffer_bytes);
  shard_->add(*this);
}

channel::~channel() {
  shard_->owner().connections.fetch_sub(1, std::memory_order_relaxed);
}

void channel::start(std::unique_ptr<raw_request> request, header_list headers,
                    std::shared_ptr<live_session> session, bool is_new) {
  out().owner(weak_from_this());
  runtime::spawn(shard_->home(),
                 run(shared_from_this(), std::move(request), std::move(headers), std::move(session),
                     is_new),
                 "websocket");
}

void channel::join(std::shared_ptr<session> session, channel_id id) noexcept {
  session_ = std::static_pointer_cast<live_session>(std::move(session));
  id_ = id;
}

asio::awaitable<void>
channel::run(std::shared_ptr<channel> self, std::unique_ptr<raw_request> request,
             header_list headers, std::shared_ptr<live_session> session, bool is_new) {
  if (! co_await self->accept(std::move(request), std::move(headers))) {
    if (is_new)
      session->close(close_reason::transport_error, actors::close_mode::discard);
    co_return;
  }
  if (is_new && session->protocol() == 3)
    co_await runtime::sleep(open_delay_v3);
  if (is_new)
    session->open_websocket(self);
  else
    session->attach(self);
  session.reset();
  for (;;) {
    auto [ec, n]
      = co_await self->socket_.async_read_some(self->space(), asio::as_tuple(asio::use_awaitable));
    if (ec) {
      self->ended(ec);
      break;
    }
    self->received(n);
    if (self->paused())
      co_await self->wait_while_paused();
  }
  co_await self->finish();
}

asio::awaitable<bool> channel::accept(std::unique_ptr<raw_request> request, header_list headers) {
  auto decorated = ! headers.empty() || options_.per_message_deflate;
  if (options_.per_message_deflate)
    offer_compression();
  if (decorated)
    socket_.set_option(
      websocket::stream_base::decorator{[this, &headers](websocket::response_type& x) {
        agreed(x);
        for (auto& [name, value] : headers)
          x.insert(name, value);
      }});
  auto [ec] = co_await socket_.async_accept(*request, asio::as_tuple(asio::use_awaitable));
  if (decorated)
    socket_.set_option(websocket::stream_base::decorator{[](websocket::response_type&) {}});
  co_return ! ec;
}

// -- compression ------------------------------------------------------------------------

void channel::offer_compression() {
  auto& from = *options_.per_message_deflate;
  websocket::permessage_deflate x;
  x.server_enable = true;
  x.server_max_window_bits = from.server_max_window_bits;
  x.client_max_window_bits = from.client_max_window_bits;
  x.server_no_context_takeover = from.server_no_context_takeover;
  x.client_no_context_takeover = from.client_no_context_takeover;
  x.compLevel = from.level;
  x.memLevel = from.memory_level;
  socket_.set_option(x);
}

void channel::agreed(const websocket::response_type& answer) {
  auto extensions = answer[beast::http::field::sec_websocket_extensions];
  auto has = [&extensions](const char* name) { return extensions.find(name) != extensions.npos; };
  compresses_ = options_.per_message_deflate && has("permessage-deflate");
  compresses_short_ = ! has("server_no_context_takeover");
}

void channel::put_compressed(frame_ptr x) {
  if (! x->compress)
    return out().put(std::move(x));
  put_compressed(x->head);
  for (auto& part : x->attachments)
    put_compressed(part);
}

void channel::put_compressed(const frame_part& x) {
  auto payload = x.payload();
  auto is_short = payload.size() < options_.per_message_deflate->threshold_bytes;
  if (payload.empty() || (is_short && ! compresses_short_))
    return out().put_bytes(x.bytes);
  socket_.binary(x.binary);
  // The outbox takes everything at once, so this ends here. What fails ends the reading too.
  beast::error_code ignored;
  socket_.write(asio::buffer(payload), ignored);
}

bool channel::paused() const noexcept {
  return session_ && session_->machine().paused() && session_->machine().channel() == id_;
}

asio::awaitable<void> channel::wait_while_paused() {
  waiting_ = true;
  while (paused()) {
    // Ends by `resume`, which cancels it, or because the socket has failed.
    auto [ec] = co_await tcp_socket().async_wait(tcp::socket::wait_error,
                                                 asio::as_tuple(asio::use_awaitable));
    if (! ec)
      break;
  }
  waiting_ = false;
}

void channel::resume() noexcept {
  boost::system::error_code ignored;
  if (waiting_)
    tcp_socket().cancel(ignored);
}

asio::mutable_buffer channel::space() {
  if (long_message_.empty() && filled_ < short_message_.size())
    return asio::buffer(short_message_) + filled_;
  if (long_message_.empty()) {
    long_message_.reserve(4 * short_message_.size());
    long_message_.append(short_message_.data(), filled_);
  }
  if (filled_ == long_message_.size())
    long_message_.resize(filled_ * 2);
  return asio::buffer(long_message_) + filled_;
}

void channel::received(std::size_t bytes) {
  filled_ += bytes;
  if (! socket_.is_message_done())
    return;
  auto n = std::exchange(filled_, 0);
  if (long_message_.empty())
    return deliver({short_message_.data(), n});
  auto message = std::exchange(long_message_, {});
  deliver(std::string_view{message}.substr(0, n));
}

void channel::deliver(std::string_view message) {
  if (! session_)
    return;
  session_->took(transport::websocket, 1, message.size());
  // The session outlives the call, whatever happens in it: one that ends is released later.
  auto& machine = session_->machine();
  if (socket_.got_text())
    machine.on_channel_text(id_, message);
  else
    machine.on_channel_binary(id_, message);
}

void channel::ended(beast::error_code ec) {
  auto session = std::move(session_);
  if (! session)
    return;
  if (out().failed() == outbox::failure::limit)
    return session->detach(id_, close_reason::transport_error, outbox_overflow);
  if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
    session->oversize(transport::websocket);
  auto broke_rules
    = ec == websocket::condition::protocol_violation
      || ec.category() == beast::error_code{beast::zlib::error::invalid_block_type}.category()
      || ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow;
  if (broke_rules)
    return session->detach(id_, close_reason::transport_error, ec.message());
  session->detach(id_, close_reason::transport_close, {});
}

void channel::close() {
  session_.reset();
  if (std::exchange(closing_, true))
    return;
  resume();
  out().put_bytes(std::string{"\x88\x00", 2});
  out().seal();
  shard_->home().timers().arm(deadline_, shard_->home().now() + options_.websocket_close_timeout);
}

asio::awaitable<void> channel::finish() {
  if (! deadline_.armed())
    shard_->home().timers().arm(deadline_, shard_->home().now() + options_.websocket_close_timeout);
  out().seal();
  co_await linger(tcp_socket(), &out());
  shard_->home().timers().cancel(deadline_);
  abort();
}

tcp::socket& channel::tcp_socket() noexcept {
  return socket_.next_layer().next_layer();
}

void channel::abort() noexcept {
  boost::system::error_code ignored;
  tcp_socket().close(ignored);
}

void channel::retire() noexcept {
  // Its session says when.
}

} // namespace atrium::net::engine
