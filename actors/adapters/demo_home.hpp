#pragma once

#include "schema/json.hpp"
#include "schema/refusal.hpp"

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::adapters {

/// A value that a state of the demo took, its id without the instance.
using demo_report = std::pair<std::string, json::value>;

/// A home that exists only in memory: lamps, a dimmer, a thermostat, a motion sensor, a temperature
/// sensor. No clock and no actors in here; the same seed gives the same life.
class demo_home {
public:
  explicit demo_home(unsigned seed = 1);

  /// The objects of all devices and states, below `instance`.
  static std::vector<json::object> objects(const std::string& instance);

  /// All values as they are now.
  std::vector<demo_report> all() const;

  /// Lets a moment pass; gives what changed.
  std::vector<demo_report> step();

  /// A state was this when the home was last there. Ignored when it cannot be.
  void recall(std::string_view id, const json::value& x);

  /// Whether a state can take a value; the refusal says why not.
  checked<void> check(std::string_view id, const json::value& x) const;

  /// A state takes a value that was checked; gives what changed, the state itself included.
  std::vector<demo_report> set(std::string_view id, const json::value& x);

private:
  demo_report put(const char* id, json::value x);
  double number(const char* id) const;
  bool chance(double probability);
  double wander(double from, double towards, double by);

  std::minstd_rand random_;
  std::map<std::string, json::value, std::less<>> values_;
};

} // namespace atrium::adapters
