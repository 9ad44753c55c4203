#include "actors/adapters/demo_home.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

namespace atrium::adapters {

namespace {

constexpr auto lamp_on = "livingroom.lamp.on";
constexpr auto living_temperature = "livingroom.temperature";
constexpr auto kitchen_on = "kitchen.lamp.on";
constexpr auto dimmer_on = "bedroom.dimmer.on";
constexpr auto dimmer_level = "bedroom.dimmer.level";
constexpr auto target = "bathroom.thermostat.target";
constexpr auto actual = "bathroom.thermostat.actual";
constexpr auto valve = "bathroom.thermostat.valve";
constexpr auto motion = "hall.motion.presence";
constexpr auto connection = "info.connection";

struct description {
  const char* id;
  const char* type;
  const char* role;
  const char* unit;
  bool writable;
  double min;
  double max;
};

constexpr description states[] = {
  {lamp_on, "boolean", "switch.light", "", true, 0, 0},
  {kitchen_on, "boolean", "switch.light", "", true, 0, 0},
  {dimmer_on, "boolean", "switch.light", "", true, 0, 0},
  {dimmer_level, "number", "level.dimmer", "%", true, 0, 100},
  {target, "number", "level.temperature", "°C", true, 5, 30},
  {actual, "number", "value.temperature", "°C", false, 0, 0},
  {valve, "number", "value.valve", "%", false, 0, 0},
  {motion, "boolean", "sensor.motion", "", false, 0, 0},
  {living_temperature, "number", "value.temperature", "°C", false, 0, 0},
  {connection, "boolean", "indicator.connected", "", false, 0, 0},
};

constexpr const char* folders[] = {"livingroom", "kitchen", "bedroom", "bathroom", "hall"};
constexpr const char* devices[]
  = {"livingroom.lamp", "kitchen.lamp", "bedroom.dimmer", "bathroom.thermostat", "hall.motion"};

json::object object(const std::string& id, std::string_view type, json::object common) {
  return {{"_id", id}, {"type", type}, {"common", std::move(common)}, {"native", json::object{}}};
}

std::string last_level(std::string_view id) {
  return std::string{id.substr(id.rfind('.') + 1)};
}

json::object common_of(const description& x) {
  json::object result = {{"name", last_level(x.id)},
                         {"type", x.type},
                         {"role", x.role},
                         {"read", true},
                         {"write", x.writable}};
  if (*x.unit)
    result.emplace("unit", x.unit);
  if (x.max > x.min) {
    result.emplace("min", x.min);
    result.emplace("max", x.max);
  }
  return result;
}

const description* find(std::string_view id) {
  auto i = std::ranges::find(states, id, [](auto& x) { return std::string_view{x.id}; });
  return i == std::end(states) ? nullptr : i;
}

/// A value as the state has it; nothing when it can have no such value.
std::optional<json::value> fitting(const description& x, const json::value& value) {
  if (std::string_view{x.type} == "boolean") {
    if (value.is_bool())
      return value;
    return value.is_number() ? std::optional{json::value(value.to_number<double>() != 0)}
                             : std::nullopt;
  }
  if (! value.is_number())
    return std::nullopt;
  auto number = value.to_number<double>();
  auto inside = x.min == x.max || (number >= x.min && number <= x.max);
  return inside ? std::optional{value} : std::nullopt;
}

double tenths(double x) {
  return std::round(x * 10) / 10;
}

} // namespace

demo_home::demo_home(unsigned seed) : random_{seed} {
  values_ = {{lamp_on, false},   {kitchen_on, true},
             {dimmer_on, false}, {dimmer_level, 40},
             {target, 21},       {actual, 19.5},
             {valve, 30},        {motion, false},
             {connection, true}, {living_temperature, 20.5}};
}

std::vector<json::object> demo_home::objects(const std::string& instance) {
  std::vector<json::object> result;
  for (auto* id : folders)
    result.push_back(object(instance + '.' + id, "folder", {{"name", id}}));
  for (auto* id : devices)
    result.push_back(object(instance + '.' + id, "device", {{"name", last_level(id)}}));
  for (auto& x : states)
    result.push_back(object(instance + '.' + x.id, "state", common_of(x)));
  return result;
}

std::vector<demo_report> demo_home::all() const {
  return {values_.begin(), values_.end()};
}

std::vector<demo_report> demo_home::step() {
  std::vector<demo_report> result;
  result.push_back(put(living_temperature, wander(number(living_temperature), 21, 0.2)));
  auto warmer = tenths(number(actual) + (number(target) - number(actual)) * 0.1);
  result.push_back(put(actual, wander(warmer, warmer, 0.1)));
  result.push_back(
    put(valve, std::clamp(std::round((number(target) - number(actual)) * 20 + 30), 0.0, 100.0)));
  if (chance(0.2))
    result.push_back(put(motion, values_[motion] == false));
  if (chance(0.05))
    result.push_back(put(kitchen_on, values_[kitchen_on] == false));
  return result;
}

void demo_home::recall(std::string_view id, const json::value& x) {
  auto* state = find(id);
  if (! state || id == connection)
    return;
  if (auto value = fitting(*state, x))
    put(state->id, std::move(*value));
}

checked<void> demo_home::check(std::string_view id, const json::value& x) const {
  auto* state = find(id);
  if (! state || ! state->writable)
    return refusal{errc::device_offline, "The state cannot be set"};
  if (fitting(*state, x))
    return {};
  return refusal{errc::device_offline, std::string_view{state->type} == "boolean"
                                         ? "The state takes true or false"
                                         : "The state takes a number in its range"};
}

std::vector<demo_report> demo_home::set(std::string_view id, const json::value& x) {
  auto* state = find(id);
  std::vector<demo_report> result;
  result.push_back(put(state->id, fitting(*state, x).value()));
  if (id == dimmer_level)
    result.push_back(put(dimmer_on, x.to_number<double>() > 0));
  return result;
}

demo_report demo_home::put(const char* id, json::value x) {
  values_[id] = x;
  return {id, std::move(x)};
}

double demo_home::number(const char* id) const {
  return values_.at(id).to_number<double>();
}

bool demo_home::chance(double probability) {
  return std::uniform_real_distribution<double>{0, 1}(random_) < probability;
}

double demo_home::wander(double from, double towards, double by) {
  auto bias = from < towards ? 0.2 : -0.2;
  auto step = std::uniform_real_distribution<double>{-by, by}(random_);
  return tenths(from + step + bias * by);
}

} // namespace atrium::adapters
