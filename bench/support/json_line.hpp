#pragma once

#include "schema/json.hpp"

namespace bench {

namespace json = boost::json;

/// Prints `x` on one line of standard output, at once.
void print_line(const json::object& x);

/// `x` with `digits` digits behind the point, so that lines stay readable.
double rounded(double x, int digits);

} // namespace bench
