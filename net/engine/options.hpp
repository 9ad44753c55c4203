#pragma once

#include "net/engine/rate_limit.hpp"
#include "net/http/response.hpp"
#include "net/request_info.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atrium::net::engine {

class client_files;
class session;

/// How a session's packets travel.
enum class transport : std::uint8_t { polling, websocket };

/// "polling" or "websocket"; a literal.
constexpr std::string_view to_string(transport x) noexcept {
  return x == transport::polling ? "polling" : "websocket";
}

/// Which transports a server offers.
struct transport_set {
  bool polling = true;
  bool websocket = true;

  [[nodiscard]] bool contains(transport x) const noexcept {
    return x == transport::polling ? polling : websocket;
  }
};

/// Who of other origins may read answers, as the npm package `cors` takes it.
struct cors_options {
  /// `*`, one origin that is always named, or empty to ask `allowed`.
  std::string origin = "*";
  /// Consulted when `origin` is empty: whether to reflect this origin.
  std::function<bool(std::string_view origin)> allowed;
  std::string methods = "GET,HEAD,PUT,PATCH,POST,DELETE";
  /// When empty, what the preflight asks for is reflected.
  std::string allowed_headers;
  std::string exposed_headers;
  bool credentials = false;
  std::optional<std::chrono::seconds> max_age;
  unsigned preflight_status = 204;
};

/// The cookie of a polling handshake; its value is the session id.
struct cookie_options {
  std::string name = "io";
  /// Empty leaves `Path` out, and with it `HttpOnly`.
  std::string path = "/";
  bool http_only = true;
  /// `Strict`, `Lax`, `None`, or empty to leave it out.
  std::string same_site = "Lax";
  bool secure = false;
  std::string domain;
  std::optional<std::chrono::seconds> max_age;
};

/// Compression of WebSocket messages (RFC 7692), for clients that offer it. Each such connection
/// costs some 300 KiB and the compression of every message for itself, as nothing that is encoded
/// once for all can be used.
struct deflate_options {
  /// Smaller messages are not compressed when either side wants no context takeover; with it, all
  /// are.
  std::size_t threshold_bytes = 1024;
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  /// 9 to 15.
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;
  /// 0 to 9, quickest to smallest.
  int level = 6;
  /// 1 to 9, least memory to quickest.
  int memory_level = 8;
};

/// Looks at each request of an endpoint before it is verified, handshakes and upgrades too; may add
/// headers to whatever answers it, the 101 of a WebSocket included. Gives nothing to let it pass,
/// or the answer that it ends with; one that throws has it refused (`MIDDLEWARE_FAILURE`). Both
/// arguments outlive the coroutine.
using middleware = std::function<boost::asio::awaitable<std::optional<http_response>>(
  const request_info&, header_list&)>;

/// What `allow_request` decided.
struct admission {
  bool allowed = true;
  /// In the error's body in place of "Forbidden".
  std::string message;
};

/// A handshake or request that was refused; for `options::on_connection_error`.
struct connection_error {
  const request_info& request;
  unsigned code;
  std::string_view message;
  /// What was wrong: the transport's name, `TRANSPORT_MISMATCH`, …
  std::string_view context;
};

/// How much may wait for one client.
struct outbox_limits {
  /// Above this a link is not `writable`.
  std::size_t high_water_bytes = std::size_t{256} * 1024;
  /// A client is closed when this much waits and its socket takes no more.
  std::size_t bytes_max = std::size_t{8} * 1024 * 1024;
};

/// Everything an Engine.IO endpoint can be told; defaults as in the reference.
struct options {
  /// Where it is found. The path is a prefix of request targets.
  std::string path = "/engine.io";
  bool add_trailing_slash = true;
  transport_set transports;
  bool allow_upgrades = true;
  bool allow_eio3 = false;
  std::chrono::milliseconds ping_interval{25000};
  std::chrono::milliseconds ping_timeout{20000};
  std::chrono::milliseconds upgrade_timeout{10000};
  /// How long a closing polling session waits for the GET that takes its last packets.
  std::chrono::milliseconds polling_close_timeout{30000};
  /// How long the peer of a closing WebSocket may take to answer.
  std::chrono::milliseconds websocket_close_timeout{5000};
  /// The largest request body, and WebSocket message, that is accepted.
  std::size_t max_http_buffer_bytes = 1'000'000;
  outbox_limits outbox;
  /// What each client may send. One that sends more is not read from until it may again, and its
  /// pings are not expected meanwhile; nothing is lost.
  rate_options rate;
  /// A message behind the open packet of every session, without its type digit.
  std::string initial_packet;
  /// The bundles of the official client, found below the path; null serves none.
  std::shared_ptr<const client_files> client;
  std::optional<cors_options> cors;
  std::optional<cookie_options> cookie;
  /// Answers to polling GETs of at least this many bytes are compressed if their clients take gzip
  /// or deflate and a packet in it may be; unset: none is.
  std::optional<std::size_t> http_compression_threshold_bytes = 1024;
  std::optional<deflate_options> per_message_deflate;
  /// Whether upgrade requests that nobody handles are ended, after how long. If not, they are left
  /// to their clients.
  bool destroy_upgrade = true;
  std::chrono::milliseconds destroy_upgrade_timeout{1000};

  // -- hooks; each is called on the worker that handles the request ----------------

  /// Asked one after the other, before everything but the answer to a CORS preflight.
  std::vector<middleware> middlewares;
  /// Asked at each handshake. Unset admits everyone. The request outlives the coroutine.
  std::function<boost::asio::awaitable<admission>(const request_info&)> allow_request;
  /// Makes the session ids. Unset makes 20 random characters. Throwing, or an id that is empty or
  /// in use, refuses the handshake.
  std::function<boost::asio::awaitable<std::string>(const request_info&)> generate_id;
  /// May change the headers of a session's first answer, or of the 101 of a WebSocket session.
  std::function<void(header_list&, const request_info&)> initial_headers;
  /// The same for every polling answer and every 101.
  std::function<void(header_list&, const request_info&)> headers;
  /// Told of every refused request.
  std::function<void(const connection_error&)> on_connection_error;
  /// Told of every message that is longer than `max_http_buffer_bytes`. Over polling the session
  /// goes on (its client takes the 413 for a broken transport and connects anew); over WebSocket it
  /// ends right after. On the session's worker.
  std::function<void(session&)> on_oversize;
};

/// Options never change once a server has them; all its workers share them.
using options_ptr = std::shared_ptr<const options>;

} // namespace atrium::net::engine
