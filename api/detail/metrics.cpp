#include "api/detail/metrics.hpp"

#include "actors/runtime/ask.hpp"
#include "api/detail/server_core.hpp"

#include <array>
#include <string_view>

namespace atrium::api::detail {

namespace {

constexpr std::chrono::milliseconds lane_timeout{1000};
constexpr std::array<std::string_view, recovery_refusals> refusals{
  "none", "unknown_session", "expired", "packets_lost", "too_much_missed"};

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

void write_kept(const server_core& from, const namespace_stats& all, metrics_text& out) {
  out.gauge("atrium_recovery_sessions", "Sessions of clients that are away and may come back.",
            all.sessions_away);
  out.gauge("atrium_recovery_packets", "Packets that are kept for clients that come back.",
            all.packets_kept);
  out.gauge("atrium_recovery_bytes", "About how many bytes those sessions and packets hold.",
            all.bytes_kept);
  const auto* file = from.backlog();
  if (file == nullptr)
    return;
  out.gauge("atrium_recovery_waiting_bytes", "About how many bytes wait for recovery's file.",
            file->bytes.load(std::memory_order_relaxed));
  out.counter("atrium_recovery_commits_failed_total", "Commits that recovery's file refused.",
              file->losses.load(std::memory_order_relaxed));
}

void write_recoveries(const recovery_counts& from, metrics_text& out) {
  out.counter("atrium_recoveries_total", "Clients that came back and got their session.",
              from.recovered.load(std::memory_order_relaxed));
  out.counter("atrium_recoveries_refused_total",
              "Clients that came back and got a new session, by cause.");
  for (std::size_t i = 1; i < recovery_refusals; ++i)
    out.sample({{"cause", refusals[i]}}, from.refused[i].load(std::memory_order_relaxed));
  out.counter("atrium_recovery_packets_replayed_total",
              "Packets that clients had missed and got when they came back.",
              from.replayed.load(std::memory_order_relaxed));
}

} // namespace

asio::awaitable<void> write_metrics(server_core& from, metrics_text& out) {
  write_sockets(from, out);
  write_limits(from, out);
  auto lanes = from.lanes();
  namespace_stats all;
  for (auto& lane : lanes) {
    auto answer = co_await runtime::ask<namespace_stats>(lane, lane_timeout, atom::stats_v);
    if (! answer)
      continue;
    all.rooms += answer->rooms;
    all.sessions_away += answer->sessions_away;
    all.packets_kept += answer->packets_kept;
    all.bytes_kept += answer->bytes_kept;
  }
  out.gauge("atrium_namespaces", "Namespaces.", lanes.size());
  out.gauge("atrium_rooms", "Rooms with somebody in them, those of single sockets not counted.",
            all.rooms);
  if (! from.options.recovery)
    co_return;
  write_kept(from, all, out);
  write_recoveries(*from.recoveries, out);
}

} // namespace atrium::api::detail
