#include "app/metrics_page.hpp"

#include "net/metrics.hpp"

#include <chrono>

#include <sys/resource.h>

namespace atrium::app {

namespace asio = boost::asio;

namespace {

void write_journal(const journal_gauge& from, metrics_text& out) {
  out.gauge("atrium_journal_ready", "1 while the last commit succeeded.", from.ready() ? 1 : 0);
  out.gauge("atrium_journal_waiting_rows", "Writes that wait for a commit.", from.appends());
  out.gauge("atrium_journal_waiting_bytes", "About how many bytes those hold.", from.bytes());
  out.counter("atrium_journal_rows_total", "Writes that were committed.", from.writes());
  out.counter("atrium_journal_commits_failed_total", "Commits that the storage refused.",
              from.failures());
  out.histogram("atrium_journal_commit_seconds", "How long commits took.");
  net::write_durations(from.commit_times(), {}, out);
}

void write_process(metrics_text& out) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& x) {
    using namespace std::chrono;
    return duration<double>{std::chrono::seconds{x.tv_sec} + microseconds{x.tv_usec}}.count();
  };
  out.counter("process_cpu_seconds_total", "Processor time of the process.",
              seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

} // namespace

net::http_route metrics_page(const std::optional<net::server>& http, const api::server& io,
                             journal_gauge_ptr journal) {
  return {"/metrics", false,
          [&http, &io, journal = std::move(journal)](
            const net::request_info&, const std::string&) -> asio::awaitable<net::http_response> {
            metrics_text out;
            if (http)
              http->write_metrics(out);
            co_await io.write_metrics(out);
            write_journal(*journal, out);
            write_process(out);
            co_return net::make_response(200, out.text(), std::string{metrics_text::content_type});
          }};
}

} // namespace atrium::app
