#pragma once

#include <boost/json.hpp>

namespace atrium {

namespace json = boost::json;

} // namespace atrium
