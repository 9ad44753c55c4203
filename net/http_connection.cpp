#include "net/http_connection.hpp"

#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/sleep.hpp"
#include "net/engine/serve.hpp"
#include "net/linger.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <utility>

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace atrium::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds linger_time{2000};
// What a client may send ahead while its request waits for an answer.
constexpr std::size_t pipelined_bytes_max = std::size_t{64} * 1024;
constexpr std::size_t first_buffer_bytes = 1536;

} // namespace

http_connection::http_connection(std::shared_ptr<shard> place, tcp::socket socket,
                                 remote_peer remote)
  : shard_{std::move(place)},
    socket_{std::move(socket)},
    remote_{std::move(remote)} {
  shard_->add(*this);
}

http_connection::~http_connection() {
  shard_->owner().connections.fetch_sub(1, std::memory_order_relaxed);
}

void http_connection::start() {
  runtime::spawn(shard_->home(), run(shared_from_this()), "http");
}

asio::awaitable<void> http_connection::run(std::shared_ptr<http_connection> self) {
  auto then = fate::next;
  while (then == fate::next) {
    if (! std::exchange(self->has_request_, false) && ! co_await self->read_head())
      break;
    self->busy_ = true;
    std::exception_ptr error;
    try {
      then = co_await self->serve();
    } catch (...) {
      error = std::current_exception();
    }
    if (error)
      then = co_await self->apologize(error);
    self->busy_ = false;
    if (then == fate::gone)
      co_return;
    if (! self->whole_ || self->shard_->owner().stopping)
      break;
  }
  self->arm(linger_time);
  co_await linger(self->socket_, nullptr);
}

asio::awaitable<http_connection::fate> http_connection::apologize(std::exception_ptr why) {
  shard_->home().report("http handler", why);
  auto x = make_response(500, "Internal Server Error");
  x.close = true;
  co_return co_await write(std::move(x));
}

// -- reading -----------------------------------------------------------------------------

asio::awaitable<bool> http_connection::read_head() {
  auto& limits = shard_->owner().listen.http;
  parser_ = std::make_unique<header_parser>();
  parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser_->body_limit(boost::none);
  buffer_.reserve(first_buffer_bytes);
  arm(std::exchange(first_, false) ? limits.header_timeout : limits.idle_timeout);
  auto [ec, n] = co_await http::async_read_header(socket_, buffer_, *parser_, token);
  shard_->home().timers().cancel(deadline_);
  if (ec) {
    co_await refuse(ec);
    co_return false;
  }
  request_ = make_request_info(parser_->get(), remote_);
  keep_alive_ = parser_->keep_alive();
  whole_ = parser_->is_done();
  placed_ = false;
  co_return true;
}

asio::awaitable<void> http_connection::refuse(beast::error_code why) {
  auto& counts = shard_->counts();
  http_response x;
  x.close = true;
  if (why == http::error::header_limit) {
    x.status = 431;
    counts.http_header_too_long.add();
  } else if (timed_out_ && parser_->got_some()) {
    x.status = 408;
    counts.http_timeouts.add();
  } else if (why.category() == http::make_error_code(http::error::bad_method).category()
             && why != http::error::end_of_stream && why != http::error::partial_message) {
    x.status = 400;
    counts.http_malformed.add();
  } else {
    co_return;
  }
  co_await write(std::move(x));
}

asio::awaitable<http_connection::body_state>
http_connection::read_body(std::size_t bytes_max, std::string& out) {
  auto length = parser_->content_length();
  if (length && *length > bytes_max)
    co_return body_state::too_large;
  if (whole_)
    co_return body_state::complete;
  if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(socket_, asio::buffer(go_on), token);
  }
  http::request_parser<http::string_body> parser{std::move(*parser_)};
  parser.body_limit(bytes_max);
  arm(shard_->owner().listen.http.body_timeout);
  auto [ec, n] = co_await http::async_read(socket_, buffer_, parser, token);
  shard_->home().timers().cancel(deadline_);
  if (ec == http::error::body_limit)
    co_return body_state::too_large;
  if (ec || dropped_)
    co_return body_state::aborted;
  out = std::move(parser.get().body());
  whole_ = true;
  co_return body_state::complete;
}

// -- answering ---------------------------------------------------------------------------

asio::awaitable<http_connection::fate> http_connection::serve() {
  auto& server = shard_->owner();
  shard_->counts().http_requests.add();
  if (server.admit)
    if (auto refusal = server.admit(request_)) {
      shard_->counts().gate_refused.add();
      refusal->close |= request_.upgrade;
      co_return co_await write(std::move(*refusal));
    }
  for (auto& endpoint : server.endpoints)
    if (request_.target.starts_with(endpoint->prefix))
      co_return co_await engine::serve(*endpoint, shared_from_this());
  for (auto& page : server.pages) {
    auto path = request_.path();
    if (path == page.path || (page.prefix && path.starts_with(page.path)))
      co_return co_await serve_page(page);
  }
  if (request_.upgrade && ! server.endpoints.empty()) {
    auto& options = server.endpoints.front()->settings;
    if (options.destroy_upgrade)
      co_await runtime::sleep(options.destroy_upgrade_timeout);
    else
      co_await wait_for_peer();
    co_return fate::close;
  }
  co_return co_await write(make_response(404, "Not Found"));
}

asio::awaitable<http_connection::fate> http_connection::serve_page(const http_route& route) {
  std::string body;
  switch (co_await read_body(shard_->owner().listen.http.body_bytes_max, body)) {
    case body_state::complete: break;
    case body_state::aborted: co_return fate::close;
    case body_state::too_large: {
      auto refusal = make_response(413, "Payload Too Large");
      refusal.close = true;
      co_return co_await write(std::move(refusal));
    }
  }
  co_return co_await write(co_await route.handle(request_, std::move(body)));
}

asio::awaitable<http_connection::fate> http_connection::write(http_response x) {
  auto keep = ! x.close && keep_alive_ && whole_ && ! shard_->owner().stopping;
  for (auto& header : std::exchange(more_headers_, {}))
    x.headers.push_back(std::move(header));
  auto head = response_head(x, keep);
  std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(x.body)};
  if (request_.method == "HEAD")
    parts[1] = {};
  arm(shard_->owner().listen.http.write_timeout);
  auto [ec, n] = co_await asio::async_write(socket_, parts, token);
  shard_->home().timers().cancel(deadline_);
  co_return ! ec && keep ? fate::next : fate::close;
}

asio::awaitable<std::optional<http_response>> http_connection::wait_for_answer() {
  waiting_ = true;
  while (! answer_ && ! dropped_) {
    // Reading is how the end of the peer is noticed; what comes is the next request.
    if (buffer_.size() > pipelined_bytes_max)
      break;
    auto [ec, n] = co_await socket_.async_read_some(buffer_.prepare(512), token);
    buffer_.commit(n);
    if (ec && ! answer_)
      break;
  }
  waiting_ = false;
  co_return std::exchange(answer_, std::nullopt);
}

asio::awaitable<void> http_connection::wait_for_peer() {
  std::array<char, 512> ignored{};
  boost::system::error_code ec;
  while (! ec) {
    arm(shard_->owner().listen.http.idle_timeout);
    auto [error, n] = co_await socket_.async_read_some(asio::buffer(ignored), token);
    ec = error;
  }
  shard_->home().timers().cancel(deadline_);
}

void http_connection::answer(http_response x) {
  answer_ = std::move(x);
  if (waiting_)
    socket_.cancel();
}

// -- moving --------------------------------------------------------------------------------

http_connection::fate http_connection::move_to(unsigned worker, bool placed) {
  auto to = shard_->owner().on(worker);
  boost::system::error_code ec;
  auto fd = socket_.release(ec);
  if (ec)
    return fate::close;
  auto& io = to->home().io();
  to->home().post([to, socket = tcp::socket{io, remote_.endpoint.protocol(), fd},
                   remote = std::move(remote_), buffer = std::move(buffer_),
                   parser = std::move(parser_), request = std::move(request_),
                   keep_alive = keep_alive_, whole = whole_, placed]() mutable {
    auto moved = std::make_shared<http_connection>(to, std::move(socket), std::move(remote));
    moved->buffer_ = std::move(buffer);
    moved->parser_ = std::move(parser);
    moved->request_ = std::move(request);
    moved->keep_alive_ = keep_alive;
    moved->whole_ = whole;
    moved->placed_ = placed;
    moved->has_request_ = true;
    moved->first_ = false;
    moved->start();
  });
  return fate::gone;
}

http_connection::tcp::socket http_connection::take_socket() {
  return std::move(socket_);
}

std::unique_ptr<raw_request> http_connection::take_raw_request() {
  return std::make_unique<raw_request>(parser_->release());
}

// -- ending ----------------------------------------------------------------------------------

void http_connection::arm(std::chrono::milliseconds after) {
  auto& home = shard_->home();
  home.timers().arm(deadline_, home.now() + after);
}

void http_connection::deadline::fire() {
  owner.timed_out_ = true;
  boost::system::error_code ignored;
  owner.socket_.cancel(ignored);
}

std::optional<std::chrono::milliseconds> http_connection::age() noexcept {
  tcp_info x{};
  socklen_t bytes = sizeof(x);
  if (::getsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_INFO, &x, &bytes) != 0)
    return std::nullopt;
  return std::chrono::milliseconds{x.tcpi_last_data_recv};
}

void http_connection::abort() noexcept {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void http_connection::retire() noexcept {
  if (! busy_)
    abort();
}

void http_connection::drop() {
  dropped_ = true;
  abort();
}

} // namespace atrium::net
