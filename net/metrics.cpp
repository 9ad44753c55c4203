#include "net/metrics.hpp"

#include "net/core.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace atrium::net {

namespace {

using engine::transport;

constexpr std::array transports{transport::polling, transport::websocket};
constexpr std::array<std::string_view, 2> protocols{"4", "3"};
constexpr std::array<std::string_view, 6> refusals{
  "unknown_transport", "unknown_sid", "bad_handshake_method",
  "bad_request",       "forbidden",   "unsupported_protocol"};
constexpr std::array<std::string_view, tls_failures> handshake_failures{
  "protocol", "plain_http", "client_certificate", "rejected", "gone", "timeout"};

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>{x}.count();
}

using cores = std::vector<const core*>;

/// Adds up one number of all workers of all servers.
template <class F>
auto sum(const cores& from, F f) {
  decltype(f(std::declval<const traffic&>())) out{};
  for (const auto* x : from)
    for (const auto& at : x->shards)
      out += f(at->counts());
  return out;
}

template <class F>
void each_transport(const cores& from, metrics_text& out, F f) {
  for (auto x : transports)
    out.sample({{"transport", to_string(x)}}, sum(from, [&](const traffic& counts) {
                 return f(counts.by_transport[static_cast<std::size_t>(x)]);
               }));
}

void write_workers(const cores& from, metrics_text& out) {
  out.histogram("atrium_worker_tick_seconds",
                "How long the turns of a worker took that had something to do.");
  for (const auto& x : from.front()->shards) {
    auto name = std::to_string(x->index());
    write_durations(x->home().ticks(), {{"worker", name}}, out);
  }
  out.gauge("atrium_worker_actors_waiting",
            "Actors with messages that waited for their turn at the end of the latest tick.");
  for (const auto& x : from.front()->shards)
    out.sample({{"worker", std::to_string(x->index())}}, x->home().actors_waiting());
  out.counter("atrium_exceptions_total", "Exceptions out of handlers, coroutines and actors.");
  for (const auto& x : from.front()->shards)
    out.sample({{"worker", std::to_string(x->index())}}, x->home().errors());
}

void write_sessions(const cores& from, metrics_text& out) {
  std::size_t connections = 0;
  for (const auto* x : from)
    connections += x->connections.load(std::memory_order_relaxed);
  out.gauge("atrium_connections", "TCP connections.", connections);
  out.gauge("atrium_sessions", "Engine.IO sessions.");
  for (auto t : transports)
    for (std::size_t i = 0; i < protocols.size(); ++i)
      out.sample({{"transport", to_string(t)}, {"protocol", protocols[i]}},
                 sum(from, [&](const traffic& x) {
                   return x.by_transport[static_cast<std::size_t>(t)].sessions[i].value();
                 }));
  out.counter("atrium_sessions_opened_total", "Engine.IO sessions that were opened.",
              sum(from, [](auto& x) { return x.sessions_opened.value(); }));
  out.counter("atrium_sessions_upgraded_total", "Sessions that went from polling to WebSocket.",
              sum(from, [](auto& x) { return x.upgrades.value(); }));
  out.counter("atrium_sessions_closed_total", "Sessions that ended, by reason.");
  for (std::size_t i = 0; i < actors::close_reasons; ++i)
    out.sample({{"reason", to_string(static_cast<actors::close_reason>(i))}},
               sum(from, [i](auto& x) { return x.sessions_closed[i].value(); }));
}

void write_flow(const cores& from, metrics_text& out) {
  out.counter("atrium_packets_received_total", "Engine.IO packets from clients.");
  each_transport(from, out, [](auto& x) { return x.packets_received.value(); });
  out.counter("atrium_received_bytes_total", "Bytes of the packets from clients.");
  each_transport(from, out, [](auto& x) { return x.bytes_received.value(); });
  out.counter("atrium_packets_sent_total", "Engine.IO message packets to clients.");
  each_transport(from, out, [](auto& x) { return x.packets_sent.value(); });
  out.counter("atrium_sent_bytes_total", "Bytes to clients: payloads of polling, and frames.");
  each_transport(from, out, [](auto& x) { return x.bytes_sent.value(); });
  out.gauge("atrium_outbox_bytes", "Bytes that wait for the sockets of WebSockets.",
            sum(from, [](auto& x) { return x.outbox_bytes.value(); }));
  out.counter("atrium_http_requests_total", "HTTP requests, those of polling included.",
              sum(from, [](auto& x) { return x.http_requests.value(); }));
}

void write_refusals(const cores& from, metrics_text& out) {
  out.counter("atrium_requests_refused_total", "Engine.IO requests that were refused, by cause.");
  for (std::size_t i = 0; i < refusals.size(); ++i)
    out.sample({{"cause", refusals[i]}},
               sum(from, [i](auto& x) { return x.requests_refused[i].value(); }));
  out.sample({{"cause", "gate"}}, sum(from, [](auto& x) { return x.gate_refused.value(); }));
  out.counter("atrium_http_refused_total", "Requests that could not be read, by cause.");
  out.sample({{"cause", "malformed"}}, sum(from, [](auto& x) { return x.http_malformed.value(); }));
  out.sample({{"cause", "header_too_long"}},
             sum(from, [](auto& x) { return x.http_header_too_long.value(); }));
  out.sample({{"cause", "timeout"}}, sum(from, [](auto& x) { return x.http_timeouts.value(); }));
  out.counter("atrium_connections_refused_total", "TCP connections above connections_max.",
              sum(from, [](auto& x) { return x.connections_refused.value(); }));
  out.counter("atrium_oversize_messages_total", "Messages that were longer than allowed.");
  each_transport(from, out, [](auto& x) { return x.oversize.value(); });
  out.counter("atrium_volatile_dropped_total",
              "Volatile messages that were dropped because the client was not ready.",
              sum(from, [](auto& x) { return x.volatile_dropped.value(); }));
  out.counter("atrium_outbox_overflows_total",
              "Sessions that ended because more than outbox_bytes_max waited for them.",
              sum(from, [](auto& x) { return x.outbox_overflows.value(); }));
  out.counter("atrium_rate_pauses_total",
              "How often reading from a client was paused because it sent too much in a second.");
  out.sample({{"limit", "packets"}},
             sum(from, [](auto& x) { return x.packet_rate_pauses.value(); }));
  out.sample({{"limit", "bytes"}}, sum(from, [](auto& x) { return x.byte_rate_pauses.value(); }));
}

void write_handshakes(const cores& from, metrics_text& out) {
  out.counter("atrium_tls_handshakes_total", "TLS handshakes that succeeded.",
              sum(from, [](auto& x) { return x.tls_handshakes.value(); }));
  out.counter("atrium_tls_handshakes_failed_total", "TLS handshakes that failed, by cause.");
  for (std::size_t i = 0; i < handshake_failures.size(); ++i)
    out.sample({{"cause", handshake_failures[i]}},
               sum(from, [i](auto& x) { return x.tls_failed[i].value(); }));
}

} // namespace

void write_durations(const runtime::duration_histogram& from, metrics_text::labels which,
                     metrics_text& out) {
  using runtime::duration_histogram;
  std::array<metrics_text::bucket, duration_histogram::bounds.size()> buckets{};
  for (std::size_t i = 0; i < buckets.size(); ++i)
    buckets[i] = {seconds(duration_histogram::bounds[i]), from.in(i)};
  out.histogram_sample(which, buckets, from.in(buckets.size()), seconds(from.sum()));
}

void write_metrics(const std::vector<const core*>& from, metrics_text& out) {
  if (from.empty())
    return;
  write_workers(from, out);
  write_sessions(from, out);
  write_flow(from, out);
  write_refusals(from, out);
  write_handshakes(from, out);
}

} // namespace atrium::net
