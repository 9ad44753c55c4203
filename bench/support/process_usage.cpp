#include "bench/support/process_usage.hpp"

#include "bench/support/json_line.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

struct stat_line {
  double cpu_us = 0;
  double resident_kib = 0;
};

/// Nothing when the process or thread has ended.
std::optional<stat_line> read_stat(const fs::path& file) {
  // Numbers of the fields in proc(5); the first one behind the name in parentheses is 3.
  constexpr auto state = 3;
  constexpr auto user_time = 14;
  constexpr auto system_time = 15;
  constexpr auto resident_pages = 24;
  auto stream = std::ifstream{file};
  auto text = std::string{std::istreambuf_iterator<char>{stream}, {}};
  auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return std::nullopt;
  auto fields = std::istringstream{text.substr(name_end + 2)};
  auto ticks = 0.0;
  auto pages = 0.0;
  std::string field;
  for (auto n = state; n <= resident_pages && fields >> field; ++n) {
    if (n == user_time || n == system_time)
      ticks += std::stod(field);
    else if (n == resident_pages)
      pages = std::stod(field);
  }
  return stat_line{ticks * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK)),
                   pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024};
}

} // namespace

process_usage usage_of(int pid) {
  process_usage result;
  if (pid == 0)
    return result;
  auto folder = fs::path{"/proc"} / std::to_string(pid);
  auto all = read_stat(folder / "stat");
  if (! all)
    throw std::runtime_error{"there is no process " + std::to_string(pid)};
  result.cpu_us = all->cpu_us;
  result.resident_kib = all->resident_kib;
  for (const auto& thread : fs::directory_iterator{folder / "task"})
    if (auto stat = read_stat(thread.path() / "stat"))
      result.thread_cpu_us[std::stoi(thread.path().filename())] = stat->cpu_us;
  return result;
}

json::array thread_cpu_ms(const process_usage& from, const process_usage& to) {
  std::vector<double> used;
  for (const auto& [id, cpu_us] : to.thread_cpu_us) {
    auto before = from.thread_cpu_us.find(id);
    auto delta = cpu_us - (before == from.thread_cpu_us.end() ? 0 : before->second);
    if (delta > 0)
      used.push_back(rounded(delta / 1e3, 0));
  }
  std::sort(used.begin(), used.end(), std::greater<>{});
  return json::array(used.begin(), used.end());
}

} // namespace bench
