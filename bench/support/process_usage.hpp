#pragma once

#include "schema/json.hpp"

#include <map>

namespace bench {

/// What a process has used so far, as Linux counts it: in ticks of usually 10 ms.
struct process_usage {
  /// User and system time of all its threads, those that ended too.
  double cpu_us = 0;
  double resident_kib = 0;
  /// The same time of each thread that lives, by its id.
  std::map<int, double> thread_cpu_us;
};

/// What `pid` has used; nothing when `pid` is 0. Throws when there is no such process.
process_usage usage_of(int pid);

/// How much CPU each thread used from one moment to another, in milliseconds, the busiest first;
/// threads that did nothing are left out.
boost::json::array thread_cpu_ms(const process_usage& from, const process_usage& to);

} // namespace bench
