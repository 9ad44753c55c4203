#include "tests/api/api_fixture.hpp"

using namespace atrium;
using test::api_fixture;
using test::lines;

namespace {

/// What a middleware of the endpoint decides about a request, and the headers that it adds.
template <class Fixture>
std::pair<std::optional<net::http_response>, net::header_list>
decide(Fixture& fixture, std::size_t which, const net::request_info& request) {
  std::pair<std::optional<net::http_response>, net::header_list> out;
  auto middlewares = fixture.io.route().options.middlewares;
  fixture.start([](net::engine::middleware f, const net::request_info& x,
                   std::pair<std::optional<net::http_response>, net::header_list>& into)
                  -> boost::asio::awaitable<void> {
    into.first = co_await f(x, into.second);
  }(middlewares.at(which), request, out));
  fixture.run();
  return out;
}

} // namespace

TEST_CASE_METHOD(api_fixture, "middlewares are plain functions or coroutines, asked in order") {
  io.engine().use(
    [](const net::request_info&, net::header_list& headers) -> std::optional<net::http_response> {
      headers.emplace_back("a", "1");
      return std::nullopt;
    });
  io.engine().use(
    [](const net::request_info& request,
       net::header_list&) -> boost::asio::awaitable<std::optional<net::http_response>> {
      co_return net::make_response(503, request.method);
    });
  net::request_info request;
  request.method = "GET";
  REQUIRE(io.route().options.middlewares.size() == 2);
  auto [passes, headers] = decide(*this, 0, request);
  CHECK_FALSE(passes);
  CHECK(headers == net::header_list{{"a", "1"}});
  auto [ends, none] = decide(*this, 1, request);
  REQUIRE(ends);
  CHECK(ends->status == 503);
  CHECK(ends->body == "GET");
}

TEST_CASE_METHOD(api_fixture, "each of several handlers of an engine event is called") {
  lines seen;
  for (auto i : {1, 2}) {
    io.engine().on_connection_error([&, i](const net::engine::connection_error& e) {
      seen.push_back(std::to_string(i) + " " + std::string{e.message});
    });
    io.engine().on_headers([i](net::header_list& headers, const net::request_info&) {
      headers.emplace_back("h", std::to_string(i));
    });
    io.engine().on_initial_headers([i](net::header_list& headers, const net::request_info&) {
      headers.emplace_back("first", std::to_string(i));
    });
    io.engine().on_connection(
      [&, i](net::engine::session& s) { seen.push_back(std::to_string(i) + " " + s.id()); });
  }
  auto options = io.route().options;
  net::request_info request;
  options.on_connection_error({request, 3, "Bad request", {}});
  CHECK(seen == lines{"1 Bad request", "2 Bad request"});
  net::header_list headers;
  options.headers(headers, request);
  options.initial_headers(headers, request);
  CHECK(headers == net::header_list{{"h", "1"}, {"h", "2"}, {"first", "1"}, {"first", "2"}});
  seen.clear();
  open();
  CHECK(seen == lines{"1 engine-session-id-20", "2 engine-session-id-20"});
}

TEST_CASE_METHOD(api_fixture, "the sessions that are open are counted") {
  CHECK(io.engine().clients_count() == 0);
  auto& first = open();
  open();
  CHECK(io.engine().clients_count() == 2);
  first.gone(actors::close_reason::transport_close);
  CHECK(io.engine().clients_count() == 1);
}

TEST_CASE_METHOD(api_fixture, "a program may watch the session below a socket") {
  lines seen;
  io.on_connection([&](const api::socket& s) {
    s.conn()->on_packet([&](const engine_packet_view& x) { seen.emplace_back(x.data); });
    s.conn()->on_upgrade([&, s] { seen.emplace_back(s.conn()->transport_name()); });
  });
  auto& x = connect();
  x.link.watching.packet.at(0)({engine_packet_type::message, false, "2[\"a\"]"});
  x.link.watching.upgrade.at(0)();
  CHECK(seen == lines{"2[\"a\"]", "websocket"});
  x.link.watching = {};
}
