#include "bench/support/json_line.hpp"

#include "schema/json_text.hpp"

#include <cmath>
#include <cstdio>
#include <string>

namespace bench {

void print_line(const json::object& x) {
  std::string line;
  atrium::append_json(line, x);
  std::puts(line.c_str());
  std::fflush(stdout);
}

double rounded(double x, int digits) {
  auto scale = std::pow(10.0, digits);
  return std::round(x * scale) / scale;
}

} // namespace bench
