#include "net/engine/serve.hpp"

#include "net/engine/channel.hpp"
#include "net/engine/client_files.hpp"
#include "net/engine/cors.hpp"
#include "net/engine/session_id.hpp"
#include "net/engine/verify.hpp"
#include "net/http/compression.hpp"

#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <utility>

namespace atrium::net::engine {

namespace {

using connection_ptr = std::shared_ptr<http_connection>;
using session_ptr = std::shared_ptr<live_session>;
using fate = http_connection::fate;

/// What stands behind an endpoint's path and a slash in that of a request.
std::string_view name_below(std::string_view path, const request_info& request) noexcept {
  auto name = request.path();
  while (path.ends_with('/'))
    path.remove_suffix(1);
  name.remove_prefix(std::min(path.size(), name.size()));
  return name.starts_with('/') ? name.substr(1) : std::string_view{};
}

asio::awaitable<fate> refuse(const options& x, connection_ptr from, refusal why) {
  auto& request = from->request();
  from->place().counts().requests_refused[static_cast<std::size_t>(why.code)].add();
  if (x.on_connection_error)
    x.on_connection_error({request, static_cast<unsigned>(why.code), why.message, why.context});
  if (! request.upgrade)
    co_return co_await from->write(refuse_request(why));
  from->more_headers().clear();
  co_return co_await from->write(refuse_upgrade(why.message));
}

/// Shows the request to the program before it is verified. @returns what becomes of the connection,
/// if the request ends here.
asio::awaitable<std::optional<fate>> run_middlewares(const options& x, connection_ptr from) {
  for (auto& ask : x.middlewares) {
    std::optional<http_response> answer;
    auto failed = false;
    try {
      answer = co_await ask(from->request(), from->more_headers());
    } catch (const std::exception&) {
      failed = true;
    }
    if (failed)
      co_return co_await refuse(x, from, refuse(error_code::bad_request, "MIDDLEWARE_FAILURE"));
    if (! answer)
      continue;
    answer->close |= from->request().upgrade;
    co_return co_await from->write(std::move(*answer));
  }
  co_return std::nullopt;
}

/// The headers that a 101 has besides those of every WebSocket handshake.
header_list
upgrade_headers(const options& x, http_connection& from, const request_info& request, bool first) {
  auto out = std::exchange(from.more_headers(), {});
  if (auto offered = request.header("sec-websocket-protocol"); ! offered.empty()) {
    boost::beast::http::token_list names{{offered.data(), offered.size()}};
    if (auto i = names.begin(); i != names.end())
      out.emplace_back("Sec-WebSocket-Protocol", std::string{i->data(), i->size()});
  }
  if (first && x.initial_headers)
    x.initial_headers(out, request);
  if (x.headers)
    x.headers(out, request);
  return out;
}

fate start_websocket(const options& x, const connection_ptr& from, header_list headers,
                     session_ptr session, bool is_new) {
  auto request = from->take_raw_request();
  auto socket = std::make_shared<channel>(from->shared_place(), x, from->take_socket());
  socket->start(std::move(request), std::move(headers), std::move(session), is_new);
  return fate::gone;
}

asio::awaitable<void> compress_answer(http_response& answer, const request_info& request) {
  auto how = preferred_encoding(request.header("accept-encoding"));
  if (! how)
    co_return;
  answer.body = co_await compress(*how, std::move(answer.body));
  answer.headers.emplace_back("Content-Encoding", to_string(*how));
}

asio::awaitable<fate> finish_polling(const options& x, connection_ptr from, session_ptr session,
                                     request_id id, std::string_view new_sid) {
  auto answer = co_await from->wait_for_answer();
  if (! answer)
    session->machine().on_aborted(id);
  session->finish(id);
  if (! answer)
    co_return fate::close;
  auto& request = new_sid.empty() ? from->request() : session->request();
  if (answer->compress && x.http_compression_threshold_bytes
      && answer->body.size() >= *x.http_compression_threshold_bytes)
    co_await compress_answer(*answer, request);
  finish_polling_answer(*answer, x, request, new_sid);
  co_return co_await from->write(std::move(*answer));
}

asio::awaitable<fate> serve_polling(const options& x, connection_ptr from, session_ptr session) {
  auto id = session->begin(from);
  auto& machine = session->machine();
  auto& request = from->request();
  if (request.method == "GET") {
    machine.on_get(id);
  } else if (request.method != "POST") {
    machine.on_other_method(id);
  } else if (machine.on_post(id, request.header("content-type"))) {
    std::string body;
    switch (co_await from->read_body(x.max_http_buffer_bytes, body)) {
      case http_connection::body_state::complete:
        session->took(transport::polling, machine.on_post_body(id, body), body.size());
        break;
      case http_connection::body_state::too_large:
        session->oversize(transport::polling);
        machine.on_post_too_large(id);
        break;
      case http_connection::body_state::aborted: machine.on_aborted(id); break;
    }
  }
  co_return co_await finish_polling(x, from, session, id, {});
}

asio::awaitable<fate> serve_upgrade(const options& x, connection_ptr from, session_ptr session) {
  if (auto refusal = verify_websocket(from->request()))
    co_return co_await from->write(std::move(*refusal));
  if (from->has_early_bytes())
    co_return co_await from->write(refuse_upgrade("Bad request"));
  auto headers = upgrade_headers(x, *from, from->request(), false);
  co_return start_websocket(x, from, std::move(headers), std::move(session), false);
}

/// The id of a new session; empty if none can be made.
asio::awaitable<std::string> make_id(const options& x, connection_ptr from) {
  if (! x.generate_id)
    co_return random_id();
  try {
    co_return co_await x.generate_id(from->request());
  } catch (const std::exception&) {
    co_return std::string{};
  }
}

asio::awaitable<std::optional<refusal>>
admit(const options& x, connection_ptr from, engine_query query) {
  if (x.allow_request) {
    auto verdict = co_await x.allow_request(from->request());
    if (! verdict.allowed) {
      auto why = refuse(error_code::forbidden, {});
      if (! verdict.message.empty())
        why.message = std::move(verdict.message);
      co_return why;
    }
  }
  co_return verify_protocol(x, query);
}

http_response answer_stopping() {
  auto out = answer_empty(503);
  out.close = true;
  return out;
}

asio::awaitable<fate> handshake(endpoint& where, connection_ptr from, engine_query query) {
  auto& x = where.settings;
  auto here = from->place().index();
  if (from->place().owner().stopping)
    co_return co_await from->write(answer_stopping());
  if (auto why = co_await admit(x, from, query))
    co_return co_await refuse(x, from, std::move(*why));
  auto upgrade = from->request().upgrade;
  if (upgrade) {
    if (auto refusal = verify_websocket(from->request()))
      co_return co_await from->write(std::move(*refusal));
    if (from->has_early_bytes())
      co_return co_await from->write(refuse_upgrade("Bad request"));
  }
  auto sid = co_await make_id(x, from);
  if (sid.empty() || where.table.find(sid, here).worker)
    co_return co_await refuse(x, from, refuse(error_code::bad_request, "ID_GENERATION_ERROR"));
  // The program may have taken its time.
  if (from->place().owner().stopping)
    co_return co_await from->write(answer_stopping());
  wire how{query.protocol, query.base64};
  auto session = std::make_shared<live_session>(from->shared_place(), where,
                                                std::move(from->request()), how, sid);
  if (! where.table.insert(session->id(), here, session))
    co_return fate::close; // the same id at the same moment: the client will try again
  if (upgrade) {
    auto headers = upgrade_headers(x, *from, session->request(), true);
    co_return start_websocket(x, from, std::move(headers), std::move(session), true);
  }
  auto id = session->open_polling(from);
  co_return co_await finish_polling(x, from, session, id, sid);
}

} // namespace

asio::awaitable<fate> serve(endpoint& where, connection_ptr from) {
  auto& x = where.settings;
  auto& request = from->request();
  if (x.cors && request.method == "OPTIONS")
    co_return co_await from->write(cors_preflight(*x.cors, request));
  if (x.client && ! request.upgrade)
    if (auto file = x.client->answer(name_below(x.path, request), request)) {
      if (x.cors)
        from->more_headers() = cors_headers(*x.cors, request);
      co_return co_await from->write(std::move(*file));
    }
  engine_query query{request};
  auto here = from->place().index();
  session_table::place found;
  if (! query.sid.empty())
    found = where.table.find(query.sid, here);
  else if (! from->placed())
    found.worker = where.table.best_for(here);
  if (found.worker && *found.worker != here)
    co_return from->move_to(*found.worker, query.sid.empty());
  if (x.cors)
    from->more_headers() = cors_headers(*x.cors, request);
  if (! x.middlewares.empty()) {
    if (auto ended = co_await run_middlewares(x, from))
      co_return *ended;
    found = where.table.find(query.sid, here);
  }
  session_ptr session;
  if (found.session && found.session->machine().known(request.method == "GET" && ! request.upgrade))
    session = std::static_pointer_cast<live_session>(found.session->shared_from_this());
  std::optional<session_facts> facts;
  if (session)
    facts = {session->current_transport(), session->protocol()};
  if (auto why = verify(x, request, query, facts ? &*facts : nullptr))
    co_return co_await refuse(x, from, std::move(*why));
  if (! session)
    co_return co_await handshake(where, from, query);
  if (request.upgrade)
    co_return co_await serve_upgrade(x, from, std::move(session));
  co_return co_await serve_polling(x, from, std::move(session));
}

} // namespace atrium::net::engine
