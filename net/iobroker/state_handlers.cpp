#include "actors/failure.hpp"
#include "actors/runtime/ask.hpp"
#include "net/iobroker/handlers.hpp"
#include "schema/history_options.hpp"
#include "schema/id.hpp"
#include "schema/state_json.hpp"
#include "schema/state_rules.hpp"

#include <utility>

namespace atrium::net::iobroker {

namespace {

/// Which states the argument of `getStates` means.
checked<states_query> read_states_query(const json::value& x) {
  states_query result;
  if (auto* ids = x.if_array()) {
    auto read = readable_ids(*ids);
    if (! read)
      return read.error();
    result.ids = std::move(*read);
    return result;
  }
  auto* text = x.if_string();
  if (x.is_null() || (text && text->empty())) {
    result.pattern = "*";
    return result;
  }
  auto wanted = pattern::parse(x);
  if (! wanted)
    return wanted.error();
  result.pattern = wanted->text();
  return result;
}

} // namespace

asio::awaitable<answer> get_state(session_ptr client, json::array args) {
  auto id = readable_id(argument(args, 0));
  if (! id)
    co_return failed(id.error().text);
  auto& hub = client->hub();
  auto found = co_await runtime::ask<state_ptr>(hub.catalog, hub.deadline, atom::get_state_v, *id);
  if (! found)
    co_return failed(error_text(found.error()));
  json::value shown;
  if (*found)
    shown = to_json(**found);
  co_return succeeded(std::move(shown));
}

asio::awaitable<answer> get_states(session_ptr client, json::array args) {
  auto query = read_states_query(argument(args, 0));
  if (! query)
    co_return failed(query.error().text);
  auto& hub = client->hub();
  auto found = co_await runtime::ask<text_ptr>(hub.catalog, hub.deadline, atom::get_states_v,
                                               std::move(*query));
  if (! found)
    co_return failed(error_text(found.error()));
  co_return succeeded_text(**found);
}

asio::awaitable<answer> set_state(session_ptr client, json::array args) {
  auto id = clean_id(argument(args, 0));
  if (! id)
    co_return failed(id.error().text);
  if (args.size() < 2)
    co_return failed("The state contains no properties! At least one property is expected!");
  auto write = parse_state_write(std::move(args[1]), client->who());
  if (! write)
    co_return failed(write.error().text);
  auto& hub = client->hub();
  // Named, for g++ 12 destroys temporaries inside co_await twice.
  write_request request{*id, std::move(*write), false, false};
  auto done
    = co_await runtime::ask<sequence>(hub.catalog, hub.deadline, atom::write_v, std::move(request));
  if (! done)
    co_return failed(error_text(done.error()));
  co_return succeeded(json::value(*id));
}

asio::awaitable<answer> get_history(session_ptr client, json::array args) {
  auto id = readable_id(argument(args, 0));
  if (! id)
    co_return failed(id.error().text);
  auto& hub = client->hub();
  auto query = parse_history_options(std::move(*id), argument(args, 1), hub.now());
  if (! query)
    co_return failed(query.error().text);
  if (query->values_max() > hub.query_values_max)
    query->limit = hub.query_values_max;
  auto values = co_await runtime::ask<text_ptr>(hub.readers, hub.deadline, atom::history_v,
                                                std::move(*query));
  if (! values)
    co_return failed(error_text(values.error()));
  // Neither a step nor the id of a query: nothing is reduced, and nothing goes on.
  co_return succeeded_text(**values, ",null,null");
}

} // namespace atrium::net::iobroker
