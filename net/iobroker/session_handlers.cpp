#include "net/iobroker/handlers.hpp"
#include "schema/log.hpp"

#include <utility>

namespace atrium::net::iobroker {

namespace {

/// Longest name that a client may give itself, in bytes.
constexpr std::size_t name_bytes_max = 100;

/// Calls `f` with each pattern of an argument that is one or an array of them. What is no pattern
/// is ignored, as in the reference.
template <class F>
void each_pattern(const json::value& x, F&& f) {
  if (auto* list = x.if_array()) {
    for (auto& element : *list)
      if (! element.is_array())
        each_pattern(element, f);
    return;
  }
  if (x.is_null() || (x.is_string() && x.get_string().empty()))
    return;
  if (auto wanted = pattern::parse(x))
    f(*wanted);
  else
    log::info("pattern-ignored", wanted.error().text);
}

answer subscribe_all(session& client, subject what, const json::value& x) {
  auto full = false;
  each_pattern(x, [&](const pattern& wanted) { full |= ! client.subscribe(what, wanted); });
  return full ? failed(to_string(errc::limit_exceeded)) : succeeded();
}

answer unsubscribe_all(session& client, subject what, const json::value& x) {
  each_pattern(x, [&](const pattern& wanted) { client.unsubscribe(what, wanted); });
  return succeeded();
}

} // namespace

asio::awaitable<answer> authenticate(session_ptr client, json::array) {
  answer result;
  result.args.emplace_back(! client->who().user.empty());
  result.args.emplace_back(client->secure());
  co_return result;
}

asio::awaitable<answer> get_version(session_ptr client, json::array) {
  answer result;
  result.args.emplace_back(nullptr);
  result.args.emplace_back(client->hub().version);
  result.args.emplace_back(client->hub().adapter_name);
  co_return result;
}

asio::awaitable<answer> name(session_ptr client, json::array args) {
  if (auto* text = argument(args, 0).if_string())
    client->name(std::string{std::string_view{*text}.substr(0, name_bytes_max)});
  co_return answer{};
}

asio::awaitable<answer> subscribe(session_ptr client, json::array args) {
  co_return subscribe_all(*client, subject::states, argument(args, 0));
}

asio::awaitable<answer> unsubscribe(session_ptr client, json::array args) {
  co_return unsubscribe_all(*client, subject::states, argument(args, 0));
}

asio::awaitable<answer> subscribe_objects(session_ptr client, json::array args) {
  co_return subscribe_all(*client, subject::objects, argument(args, 0));
}

asio::awaitable<answer> unsubscribe_objects(session_ptr client, json::array args) {
  co_return unsubscribe_all(*client, subject::objects, argument(args, 0));
}

} // namespace atrium::net::iobroker
