#include "net/iobroker/commands.hpp"

#include "net/iobroker/handlers.hpp"
#include "schema/id.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::net::iobroker {

namespace {

struct entry {
  std::string_view name;
  asio::awaitable<answer> (*run)(session_ptr, json::array);
};

// In the order of their names.
constexpr entry table[] = {
  {"authenticate", authenticate},
  {"getForeignStates", get_states},
  {"getHistory", get_history},
  {"getObject", get_object},
  {"getObjects", get_objects},
  {"getState", get_state},
  {"getStates", get_states},
  {"getVersion", get_version},
  {"name", name},
  {"setObject", set_object},
  {"setState", set_state},
  {"subscribe", subscribe},
  {"subscribeObjects", subscribe_objects},
  {"subscribeStates", subscribe},
  {"unsubscribe", unsubscribe},
  {"unsubscribeObjects", unsubscribe_objects},
  {"unsubscribeStates", unsubscribe},
};

static_assert(std::ranges::is_sorted(table, {}, &entry::name));

const entry* find(std::string_view name) noexcept {
  auto i = std::ranges::lower_bound(table, name, {}, &entry::name);
  return i != std::end(table) && i->name == name ? i : nullptr;
}

} // namespace

asio::awaitable<answer> call(session_ptr client, std::string command, json::array args) {
  if (auto* known = find(command))
    return known->run(std::move(client), std::move(args));
  constexpr std::size_t shown_max = 60;
  return [](std::string name) -> asio::awaitable<answer> {
    co_return failed("unknown command \"" + name + '"');
  }(command.substr(0, shown_max));
}

bool is_command(std::string_view name) noexcept {
  return find(name) != nullptr;
}

const json::value& argument(const json::array& args, std::size_t i) noexcept {
  static const json::value null;
  return i < args.size() ? args[i] : null;
}

checked<std::string> readable_id(const json::value& x) {
  auto* text = x.if_string();
  if (text && ! text->empty() && text->back() != '.')
    return std::string{std::string_view{*text}};
  return clean_id(x).error();
}

checked<std::vector<std::string>> readable_ids(const json::array& xs) {
  std::vector<std::string> result;
  result.reserve(xs.size());
  for (auto& x : xs) {
    auto id = readable_id(x);
    if (! id)
      return id.error();
    result.push_back(std::move(*id));
  }
  return result;
}

} // namespace atrium::net::iobroker
