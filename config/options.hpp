#pragma once

#include "config/endpoint.hpp"
#include "schema/json.hpp"
#include "schema/log.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::config {

/// `[log]`: what is written to stderr.
struct log_options {
  enum class format_type : std::uint8_t { text, json };

  log::level level = log::level::info;
  format_type format = format_type::text;

  bool operator==(const log_options&) const = default;
};

/// Who may connect (the keys stand at the top of the file).
struct access_options {
  enum class auth_type : std::uint8_t {
    /// Beyond loopback, a request needs the token.
    token,
    /// Anyone who reaches the port may do everything.
    off,
  };

  auth_type auth = auth_type::token;
  /// The token itself; empty: see `token_file`.
  std::string token;
  /// A file that holds the token; empty: `DATA/token`, made at the first start beyond loopback.
  std::string token_file;
  /// Origins of pages from elsewhere that may connect, `scheme://host[:port]`; `*` is any.
  std::vector<std::string> allowed_origins;
  /// `Host` headers that are answered besides IP addresses, localhost and the machine's name;
  /// `*` is any.
  std::vector<std::string> allowed_hosts;

  bool operator==(const access_options&) const = default;
};

/// `[tls]`: HTTPS and secure WebSockets, when `certificate_file` is given. The files are PEM.
struct tls_options {
  enum class client_certificate_type : std::uint8_t {
    /// Clients are not asked for a certificate.
    none,
    /// They are; who shows one that is not trusted is refused.
    optional,
    /// Who shows none is refused as well.
    required,
  };

  /// The certificate of the hub, and those that lead to a root.
  std::string certificate_file;
  std::string key_file;
  /// Who signs the certificates of clients.
  std::string client_ca_file;
  client_certificate_type client_certificate = client_certificate_type::none;

  [[nodiscard]] bool on() const noexcept {
    return ! certificate_file.empty();
  }

  bool operator==(const tls_options&) const = default;
};

/// `[socketio]`: Engine.IO and Socket.IO, with the names and defaults of the reference server.
struct socketio_options {
  std::string path = "/socket.io";
  std::uint64_t ping_interval_ms = 25'000;
  std::uint64_t ping_timeout_ms = 20'000;
  std::uint64_t upgrade_timeout_ms = 10'000;
  /// How long a client may stay without joining any namespace.
  std::uint64_t connect_timeout_ms = 45'000;
  /// The longest message taken, over either transport.
  std::uint64_t max_http_buffer_bytes = 1'000'000;
  std::vector<std::string> transports = {"polling", "websocket"};
  bool allow_upgrades = true;
  /// From this size on, answers to polling GETs are compressed; 0: none is.
  std::uint64_t http_compression_threshold_bytes = 1024;
  /// Whether WebSocket messages are compressed for clients that offer it.
  bool per_message_deflate = false;
  /// Whether clients of Socket.IO 2 may connect (Engine.IO 3).
  bool allow_eio3 = false;
  /// Whether pages find the bundles of the official client below `path`.
  bool serve_client = true;
  /// Where those are; empty: where the installed program has them.
  std::string client_folder;
  /// The most binary attachments taken in one packet.
  std::uint64_t attachments_max = 10;
  /// The most bytes that the attachments of one packet may have together.
  std::uint64_t attachment_bytes_max = 16'000'000;
  /// The deepest nesting taken in a packet's JSON.
  std::uint64_t json_depth_max = 512;

  bool operator==(const socketio_options&) const = default;
};

/// `[limits]`: what bounds memory. `docs/configuration.md` says what happens at each.
struct limits_options {
  std::uint64_t connections_max = 100'000;
  /// Sessions of one address that have not joined a namespace yet.
  std::uint64_t handshakes_per_address_max = 10'000;
  /// The same for all addresses together.
  std::uint64_t unclaimed_sessions_max = 50'000;
  /// What one client may send; above it the hub stops reading from it for a while. 0: as it likes.
  std::uint64_t packets_per_second_max = 200'000;
  std::uint64_t bytes_per_second_max = 268'435'456;
  std::uint64_t http_header_bytes_max = 16'384;
  /// How long the headers of a request may take to arrive.
  std::uint64_t http_header_ms = 10'000;
  /// How long its body may take.
  std::uint64_t http_body_ms = 60'000;
  /// How long a client may take to accept an answer.
  std::uint64_t http_write_ms = 30'000;
  /// How long a connection may rest between two requests.
  std::uint64_t http_idle_ms = 30'000;
  /// Above it, volatile packets are dropped.
  std::uint64_t outbox_high_water_bytes = 262'144;
  /// Above it, the connection is closed.
  std::uint64_t outbox_bytes_max = 8'388'608;
  /// Unanswered commands of one connection; at the limit the hub stops reading from it.
  std::uint64_t events_in_flight_max = 256;
  /// Acks that one connection owes the hub.
  std::uint64_t acks_waiting_max = 10'000;
  std::uint64_t subscriptions_per_connection_max = 1'000;
  /// How long an adapter may take to confirm a command.
  std::uint64_t confirm_timeout_ms = 5'000;
  /// The most values that one history query answers with.
  std::uint64_t query_values_max = 100'000;

  bool operator==(const limits_options&) const = default;
};

/// `[recovery]`: clients of Socket.IO that lost their connection and come back.
struct recovery_options {
  bool enabled = true;
  /// How long a client may be away.
  std::uint64_t max_disconnection_ms = 120'000;
  /// Whether the middlewares of a namespace are left out for a client that is recovered.
  bool skip_middlewares = true;
  /// Packets that are kept, what these and the sessions take, and sessions of clients that are
  /// away; of each namespace.
  std::uint64_t packets_max = 100'000;
  std::uint64_t bytes_max = 33'554'432;
  std::uint64_t sessions_max = 20'000;

  bool operator==(const recovery_options&) const = default;
};

/// `[journal]`: the durable log of every state change.
struct journal_options {
  enum class publish_type : std::uint8_t {
    /// Subscribers see a change once it is on disk.
    after_commit,
    /// They may see a change that a crash then loses, a commit earlier.
    immediately,
  };
  enum class synchronous_type : std::uint8_t {
    /// Survives the death of the process.
    normal,
    /// Survives the loss of power too, at the price of a disk flush for each commit.
    full,
  };

  publish_type publish = publish_type::after_commit;
  synchronous_type synchronous = synchronous_type::normal;
  /// Writes, and their bytes, that wait for a commit; above either the hub stops reading from its
  /// clients.
  std::uint64_t queue_max = 20'000;
  std::uint64_t queue_bytes_max = 16'777'216;
  /// The most writes in one commit.
  std::uint64_t batch_max = 2'000;

  bool operator==(const journal_options&) const = default;
};

/// `[history]`: what the journal is folded into.
struct history_options {
  /// 0: for ever.
  std::uint64_t retention_days = 365;
  /// 0: as many as there are.
  std::uint64_t rows_per_state_max = 10'000'000;
  /// How often the journal is folded into the history.
  std::uint64_t fold_interval_ms = 10'000;
  /// Threads that answer history queries.
  std::uint64_t readers = 2;

  bool operator==(const history_options&) const = default;
};

/// `[stop]`: how a shutdown goes.
struct stop_options {
  /// How long clients may take to go once they were told.
  std::uint64_t clients_ms = 2'000;

  bool operator==(const stop_options&) const = default;
};

/// One `[[adapters]]`: an adapter to start.
struct adapter_options {
  /// Which one: the name of its file in `actors/adapters/`.
  std::string type;
  /// The instance, and the beginning of the ids of its states; `TYPE.0` when not given.
  std::string name;
  /// What only the adapter understands.
  json::object settings;

  bool operator==(const adapter_options&) const = default;
};

/// Everything a person can configure. A value-initialized one holds the defaults, which are those
/// of `config/atrium.toml`. Only `load` checks the rules, so build others with care.
struct options {
  endpoint listen;
  /// The folder of the databases and the token; made when missing.
  std::string data = "data";
  /// Threads that serve clients; 0: one for each core.
  std::uint64_t workers = 0;
  access_options access;
  log_options log;
  tls_options tls;
  socketio_options socketio;
  limits_options limits;
  recovery_options recovery;
  journal_options journal;
  history_options history;
  stop_options stop;
  std::vector<adapter_options> adapters;

  bool operator==(const options&) const = default;
};

} // namespace atrium::config
