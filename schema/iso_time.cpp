#include "schema/iso_time.hpp"

#include <chrono>
#include <cstdio>

namespace atrium {

std::string iso_time(epoch_ms x) {
  using namespace std::chrono;
  constexpr auto first = sys_days{year{0} / January / 1}.time_since_epoch();
  constexpr auto last = sys_days{year{10'000} / January / 1}.time_since_epoch();
  auto time = milliseconds{x};
  if (time < first || time >= last)
    return {};
  auto day = floor<days>(time);
  auto date = year_month_day{sys_days{day}};
  auto clock = hh_mm_ss{time - day};
  char text[48];
  auto length = std::snprintf(
    text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(length)};
}

} // namespace atrium
