// What is counted moves its metric.
#include "tests/net/server_rig.hpp"

#include <map>
#include <sstream>

using namespace atrium;
using namespace std::chrono_literals;
namespace engine = net::engine;
using test::polling;
using test::server_rig;
using test::sid_of;
using test::tcp_client;
using test::websocket_client;

namespace {

/// The samples of a server by name and labels.
std::map<std::string, double> metrics(const server_rig& rig) {
  metrics_text text;
  rig.server.write_metrics(text);
  std::map<std::string, double> out;
  std::istringstream lines{text.text()};
  for (std::string line; std::getline(lines, line);)
    if (auto space = line.rfind(' '); ! line.starts_with('#'))
      out[line.substr(0, space)] = std::stod(line.substr(space + 1));
  return out;
}

/// Has the client's messages and what became of them counted: by the answer to the next one.
void settle(websocket_client& client) {
  client.write("4settle");
  client.read();
}

} // namespace

TEST_CASE("sessions, packets and bytes of a WebSocket are counted") {
  server_rig rig;
  websocket_client client{rig};
  client.read();
  client.write("4hello");
  CHECK(client.read() == "4hello");
  settle(client);
  auto x = metrics(rig);
  CHECK(x["atrium_connections"] == 1);
  CHECK(x["atrium_sessions{transport=\"websocket\",protocol=\"4\"}"] == 1);
  CHECK(x["atrium_sessions{transport=\"polling\",protocol=\"4\"}"] == 0);
  CHECK(x["atrium_sessions_opened_total"] == 1);
  CHECK(x["atrium_packets_received_total{transport=\"websocket\"}"] == 2);
  CHECK(x["atrium_received_bytes_total{transport=\"websocket\"}"] == 13);
  CHECK(x["atrium_packets_sent_total{transport=\"websocket\"}"] == 2);
  CHECK(x["atrium_sent_bytes_total{transport=\"websocket\"}"] > 13);
  CHECK(x["atrium_worker_tick_seconds_count{worker=\"0\"}"] > 0);
  client.write("4close");
  CHECK(rig.events.next() == "forced close");
  x = metrics(rig);
  CHECK(x["atrium_sessions{transport=\"websocket\",protocol=\"4\"}"] == 0);
  CHECK(x["atrium_sessions_closed_total{reason=\"forced close\"}"] == 1);
}

TEST_CASE("polling is counted by itself, and an upgrade moves the session") {
  server_rig rig;
  tcp_client client{rig};
  auto sid = sid_of(client.get(polling));
  client.post(polling + "&sid=" + sid, "4a\x1e"
                                       "4bc");
  client.get(polling + "&sid=" + sid);
  auto x = metrics(rig);
  CHECK(x["atrium_sessions{transport=\"polling\",protocol=\"4\"}"] == 1);
  CHECK(x["atrium_packets_received_total{transport=\"polling\"}"] == 2);
  CHECK(x["atrium_received_bytes_total{transport=\"polling\"}"] == 6);
  CHECK(x["atrium_packets_sent_total{transport=\"polling\"}"] == 2);
  CHECK(x["atrium_http_requests_total"] == 3);
  websocket_client next{rig, "&sid=" + sid};
  next.write("2probe");
  CHECK(next.read() == "3probe");
  next.write("5");
  CHECK(rig.events.next() == "upgraded");
  x = metrics(rig);
  CHECK(x["atrium_sessions{transport=\"polling\",protocol=\"4\"}"] == 0);
  CHECK(x["atrium_sessions{transport=\"websocket\",protocol=\"4\"}"] == 1);
  CHECK(x["atrium_sessions_upgraded_total"] == 1);
}

TEST_CASE("servers that share their workers are counted together") {
  server_rig rig;
  net::server other{rig.system, {}, {}};
  websocket_client client{rig};
  client.read();
  metrics_text text;
  net::server::write_metrics({&rig.server, &other}, text);
  auto once = text.text().find("atrium_sessions_opened_total 1\n");
  CHECK(once != std::string::npos);
  CHECK(text.text().find("# TYPE atrium_sessions_opened_total", once) == std::string::npos);
  text = {};
  net::server::write_metrics({}, text);
  CHECK(text.text().empty());
}

TEST_CASE("what is refused is counted by its cause") {
  net::routes table;
  table.admit = [](const net::request_info& x) -> std::optional<net::http_response> {
    if (x.parameter("gate").empty())
      return std::nullopt;
    return net::make_response(403, "no");
  };
  engine::options options;
  options.max_http_buffer_bytes = 10;
  server_rig rig{1, options, std::move(table)};
  tcp_client client{rig};
  client.get("/engine.io/?EIO=4&transport=none");
  client.get("/engine.io/?EIO=3&transport=polling");
  client.get(polling + "&sid=unknown");
  client.get("/?gate=1");
  auto sid = sid_of(client.get(polling));
  CHECK(tcp_client{rig}.post(polling + "&sid=" + sid, "4" + std::string(10, 'x')) == "413 ");
  tcp_client garbage{rig};
  garbage.write("garbage\r\n\r\n");
  CHECK(garbage.answer().starts_with("400"));
  auto x = metrics(rig);
  CHECK(x["atrium_requests_refused_total{cause=\"unknown_transport\"}"] == 1);
  CHECK(x["atrium_requests_refused_total{cause=\"unsupported_protocol\"}"] == 1);
  CHECK(x["atrium_requests_refused_total{cause=\"unknown_sid\"}"] == 1);
  CHECK(x["atrium_requests_refused_total{cause=\"bad_request\"}"] == 0);
  CHECK(x["atrium_requests_refused_total{cause=\"gate\"}"] == 1);
  CHECK(x["atrium_oversize_messages_total{transport=\"polling\"}"] == 1);
  CHECK(x["atrium_http_refused_total{cause=\"malformed\"}"] == 1);
}

TEST_CASE("a reader that does not read is counted, and what waited for it is not any more") {
  engine::options options;
  options.outbox.bytes_max = 1 << 20;
  server_rig rig{1, options};
  websocket_client slow{rig};
  slow.read();
  slow.write("4flood");
  CHECK(rig.events.next() == "transport error: outbox limit exceeded");
  auto x = metrics(rig);
  CHECK(x["atrium_outbox_overflows_total"] == 1);
  CHECK(x["atrium_outbox_bytes"] == 0);
}

TEST_CASE("a program that throws is counted") {
  server_rig rig;
  websocket_client client{rig};
  client.read();
  client.write("4throw");
  rig.events.next();
  CHECK(metrics(rig)["atrium_exceptions_total{worker=\"0\"}"] == 1);
}

TEST_CASE("the program hears of messages that are too long, over both transports") {
  test::event_log told;
  engine::options options;
  options.max_http_buffer_bytes = 10;
  options.on_oversize
    = [&](const engine::session& x) { told.add(std::string{x.transport_name()}); };
  server_rig rig{1, options};
  tcp_client client{rig};
  auto target = polling + "&sid=" + sid_of(client.get(polling));
  CHECK(tcp_client{rig}.post(target, std::string(11, 'x')) == "413 ");
  CHECK(told.next() == "polling");
  CHECK(client.post(target, "4short") == "200 ok");
  websocket_client socket{rig};
  socket.read();
  socket.write(std::string(11, 'x'));
  CHECK(told.next() == "websocket");
  CHECK(rig.events.next().starts_with("transport error"));
  CHECK(metrics(rig)["atrium_oversize_messages_total{transport=\"websocket\"}"] == 1);
}

TEST_CASE("a WebSocket that sends more than it may is read later, and nothing is lost") {
  engine::options options;
  options.rate.packets_per_second_max = 50;
  server_rig rig{1, options};
  websocket_client client{rig};
  client.read();
  auto begin = std::chrono::steady_clock::now();
  for (auto i = 0; i < 60; ++i)
    client.write("4" + std::to_string(i));
  for (auto i = 0; i < 60; ++i)
    CHECK(client.read() == "4" + std::to_string(i));
  CHECK(std::chrono::steady_clock::now() - begin >= 150ms);
  auto x = metrics(rig);
  CHECK(x["atrium_rate_pauses_total{limit=\"packets\"}"] >= 1);
  CHECK(x["atrium_rate_pauses_total{limit=\"bytes\"}"] == 0);
}

TEST_CASE("a polling client that sends more than it may gets its answer later") {
  engine::options options;
  options.rate.bytes_per_second_max = 1000;
  server_rig rig{1, options};
  tcp_client client{rig};
  auto target = polling + "&sid=" + sid_of(client.get(polling));
  auto begin = std::chrono::steady_clock::now();
  CHECK(client.post(target, "4" + std::string(1199, 'x')) == "200 ok");
  CHECK(std::chrono::steady_clock::now() - begin >= 150ms);
  CHECK(metrics(rig)["atrium_rate_pauses_total{limit=\"bytes\"}"] == 1);
}
