#include "net/http/response.hpp"

#include <boost/beast/core/string.hpp>

namespace atrium::net {

void set_header(header_list& headers, std::string name, std::string value) {
  std::erase_if(headers, [&](auto& x) { return boost::beast::iequals(x.first, name); });
  headers.emplace_back(std::move(name), std::move(value));
}

http_response make_response(unsigned status, std::string body, std::string type) {
  http_response out;
  out.status = status;
  out.headers.emplace_back("Content-Type", std::move(type));
  out.body = std::move(body);
  return out;
}

} // namespace atrium::net
