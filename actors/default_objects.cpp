#include "actors/default_objects.hpp"

#include "schema/id.hpp"

#include <array>
#include <cstdio>
#include <random>

namespace atrium {

namespace {

json::object
make(std::string id, std::string_view type, json::object common, json::object native = {}) {
  return {{"_id", std::move(id)},
          {"type", type},
          {"common", std::move(common)},
          {"native", std::move(native)}};
}

json::object flag(std::string id, std::string_view name) {
  return make(std::move(id), "state",
              {{"name", name},
               {"type", "boolean"},
               {"role", "indicator.state"},
               {"read", true},
               {"write", false}});
}

std::string new_uuid() {
  std::random_device random;
  std::array<std::uint32_t, 4> words = {random(), random(), random(), random()};
  words[1] = (words[1] & 0xffff'0fff) | 0x4000;
  words[2] = (words[2] & 0x3fff'ffff) | 0x8000'0000;
  char text[37];
  std::snprintf(text, sizeof(text), "%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16,
                words[1] & 0xffff, words[2] >> 16, words[2] & 0xffff, words[3]);
  return text;
}

json::object system_config() {
  return make("system.config", "config",
              {{"name", "System configuration"},
               {"language", "en"},
               {"tempUnit", "°C"},
               {"currency", "€"},
               {"dateFormat", "DD.MM.YYYY"},
               {"isFloatComma", false},
               {"defaultHistory", "history.0"},
               {"city", ""},
               {"country", ""},
               {"longitude", ""},
               {"latitude", ""},
               {"firstDayOfWeek", "monday"},
               {"activeRepo", json::array{"stable"}},
               {"expertMode", false}});
}

json::object group(std::string id, std::string_view name, json::array members) {
  return make(
    std::move(id), "group",
    {{"name", name}, {"desc", ""}, {"members", std::move(members)}, {"dontDelete", true}});
}

json::object
instance(std::string id, std::string_view name, const std::string& host, json::object more = {}) {
  json::object common
    = {{"name", name}, {"host", host}, {"enabled", true}, {"mode", "daemon"}, {"version", "4.2.0"}};
  for (auto& [key, value] : more)
    common.insert_or_assign(key, value);
  return make(std::move(id), "instance", std::move(common));
}

/// The views that pages ask for by name are built in; the object only has to be there.
json::object design() {
  json::object views;
  for (std::string_view name : {"host", "adapter", "instance", "meta", "device", "channel", "state",
                                "folder", "enum", "script", "chart", "group", "user", "config"})
    views.emplace(name, json::object{});
  auto result = make("_design/system", "design", {{"name", "system"}});
  result.emplace("views", std::move(views));
  return result;
}

std::string host_id(const std::string& host) {
  auto id = clean_id("system.host." + host);
  return id ? *id : std::string{"system.host.atrium"};
}

} // namespace

std::vector<json::object> default_objects(const std::string& host) {
  std::vector<json::object> result;
  auto add = [&](json::object x) { result.push_back(std::move(x)); };
  add(system_config());
  add(make("system.user.admin", "user",
           {{"name", "admin"}, {"enabled", true}, {"dontDelete", true}}));
  add(group("system.group.administrator", "Administrator", {"system.user.admin"}));
  add(group("system.group.user", "User", {}));
  for (auto* name : {"rooms", "functions"})
    add(make(std::string{"enum."} + name, "enum", {{"name", name}, {"members", json::array{}}}));
  add(
    make("system.meta.uuid", "meta", {{"name", "uuid"}, {"type", "uuid"}}, {{"uuid", new_uuid()}}));
  add(make(
    host_id(host), "host",
    {{"name", host}, {"hostname", host}, {"address", json::array{}}, {"type", "js-controller"}}));
  add(flag(host_id(host) + ".alive", "Host alive"));
  add(instance("system.adapter.atrium.0", "atrium", host));
  add(instance("system.adapter.history.0", "history", host,
               {{"type", "storage"}, {"getHistory", true}}));
  for (auto* id : {"system.adapter.atrium.0", "system.adapter.history.0"})
    for (auto* name : {"alive", "connected"})
      add(flag(std::string{id} + "." + name, name));
  add(design());
  return result;
}

std::vector<std::pair<std::string, json::value>> default_states(const std::string& host) {
  std::vector<std::pair<std::string, json::value>> result;
  result.emplace_back(host_id(host) + ".alive", true);
  for (auto* id : {"system.adapter.atrium.0", "system.adapter.history.0"})
    for (auto* name : {".alive", ".connected"})
      result.emplace_back(std::string{id} + name, true);
  return result;
}

} // namespace atrium
