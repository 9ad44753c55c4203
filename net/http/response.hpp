#pragma once

#include <string>
#include <utility>
#include <vector>

namespace atrium::net {

/// Headers in the order in which they are written; a name may stand more than once.
using header_list = std::vector<std::pair<std::string, std::string>>;

/// Sets `name`, in place of all that have it in any case.
void set_header(header_list& headers, std::string name, std::string value);

/// An answer to a request. `Content-Length` and `Connection` are added when it is written.
struct http_response {
  unsigned status = 200;
  header_list headers;
  std::string body;
  /// Whether the body may be compressed on its way, if the client takes that.
  bool compress = false;
  /// Whether the TCP connection ends behind it.
  bool close = false;
};

/// An answer of one text. @param type its Content-Type.
http_response make_response(unsigned status, std::string body, std::string type = "text/plain");

} // namespace atrium::net
