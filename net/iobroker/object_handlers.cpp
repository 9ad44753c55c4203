#include "actors/failure.hpp"
#include "actors/runtime/ask.hpp"
#include "net/iobroker/handlers.hpp"
#include "schema/id.hpp"

#include <utility>

namespace atrium::net::iobroker {

asio::awaitable<answer> get_object(session_ptr client, json::array args) {
  auto id = readable_id(argument(args, 0));
  if (! id)
    co_return failed(id.error().text);
  auto& hub = client->hub();
  auto found
    = co_await runtime::ask<object_ptr>(hub.catalog, hub.deadline, atom::get_object_v, *id);
  if (! found)
    co_return failed(error_text(found.error()));
  if (*found)
    co_return succeeded_text((*found)->shown());
  co_return succeeded(nullptr);
}

asio::awaitable<answer> get_objects(session_ptr client, json::array args) {
  objects_query query;
  auto& which = argument(args, 0);
  if (auto* ids = which.if_array()) {
    auto read = readable_ids(*ids);
    if (! read)
      co_return failed(read.error().text);
    query.ids = std::move(*read);
  } else if (which.is_null()) {
    query.all = true;
  } else {
    co_return failed("The list of ids is not an array");
  }
  auto& hub = client->hub();
  auto found = co_await runtime::ask<text_ptr>(hub.catalog, hub.deadline, atom::getobjects_v,
                                               std::move(query));
  if (! found)
    co_return failed(error_text(found.error()));
  co_return succeeded_text(**found);
}

asio::awaitable<answer> set_object(session_ptr client, json::array args) {
  auto id = clean_id(argument(args, 0));
  if (! id)
    co_return failed(id.error().text);
  auto body = args.size() > 1 ? std::move(args[1]) : json::value(nullptr);
  auto& hub = client->hub();
  // Named, for g++ 12 destroys temporaries inside co_await twice.
  object_write request{*id, std::move(body), client->who(), false};
  auto done = co_await runtime::ask<sequence>(hub.catalog, hub.deadline, atom::put_object_v,
                                              std::move(request));
  if (! done)
    co_return failed(error_text(done.error()));
  json::object result;
  result.emplace("id", *id);
  co_return succeeded(std::move(result));
}

} // namespace atrium::net::iobroker
