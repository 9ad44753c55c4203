#include "api/detail/metrics.hpp"

#include "actors/runtime/ask.hpp"
#include "api/detail/server_core.hpp"

namespace atrium::api::detail {

namespace {

constexpr std::chrono::milliseconds lane_timeout{1000};

template <class F>
auto sum(const server_core& from, F f) {
  auto out = f(from.counts(0));
  for (std::size_t i = 1; i < from.system.workers(); ++i)
    out += f(from.counts(i));
  return out;
}

void write_sockets(const server_core& from, metrics_text& out) {
  out.gauge("atrium_sockets", "Socket.IO sockets that joined a namespace.",
            sum(from, [](auto& x) { return x.sockets.value(); }));
  out.counter("atrium_socket_joins_total", "How often a socket joined a namespace.",
              sum(from, [](auto& x) { return x.joins.value(); }));
  out.counter("atrium_socket_joins_refused_total",
              "Joins that were refused: no such namespace, or by a middleware.",
              sum(from, [](auto& x) { return x.connect_errors.value(); }));
  out.counter("atrium_events_received_total", "Events from clients.",
              sum(from, [](auto& x) { return x.events_received.value(); }));
  out.gauge("atrium_acks_waiting", "Acknowledgements that clients owe.",
            sum(from, [](auto& x) { return x.acks_waiting.value(); }));
  out.counter("atrium_acks_timed_out_total", "Acknowledgements that did not come in time.",
              sum(from, [](auto& x) { return x.acks_timed_out.value(); }));
}

void write_limits(const server_core& from, metrics_text& out) {
  out.counter("atrium_acks_refused_total",
              "Emits that were refused because their client owed acks_waiting_max of them.",
              sum(from, [](auto& x) { return x.acks_refused.value(); }));
  out.counter("atrium_malformed_packets_total",
              "Packets that broke the rules of Socket.IO; each ended its connection.",
              sum(from, [](auto& x) { return x.malformed.value(); }));
  out.counter("atrium_sessions_refused_total",
              "Sessions that were closed as they opened, by the limit that they met.");
  out.sample({{"limit", "handshakes_per_address"}},
             sum(from, [](auto& x) { return x.address_refused.value(); }));
  out.sample({{"limit", "unclaimed_sessions"}},
             sum(from, [](auto& x) { return x.unclaimed_refused.value(); }));
  out.counter("atrium_read_pauses_total",
              "How often reading from a client was paused because too much was unanswered.",
              sum(from, [](auto& x) { return x.brakes.value(); }));
}

} // namespace

asio::awaitable<void> write_metrics(server_core& from, metrics_text& out) {
  write_sockets(from, out);
  write_limits(from, out);
  auto all = from.lanes();
  std::uint64_t rooms = 0;
  for (auto& lane : all) {
    auto answer = co_await runtime::ask<namespace_stats>(lane, lane_timeout, atom::stats_v);
    if (answer)
      rooms += answer->rooms;
  }
  out.gauge("atrium_namespaces", "Namespaces.", all.size());
  out.gauge("atrium_rooms", "Rooms with somebody in them, those of single sockets not counted.",
            rooms);
}

} // namespace atrium::api::detail
