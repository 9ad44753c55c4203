#include "net/iobroker/answer.hpp"

#include "schema/json_text.hpp"

#include <utility>

namespace atrium::net::iobroker {

json::array answer::values() const {
  if (! text)
    return args;
  auto parsed = parse_json(*text);
  return parsed && parsed->is_array() ? std::move(parsed->get_array()) : json::array{};
}

answer failed(std::string_view error) {
  return {json::array{error}, nullptr};
}

answer succeeded(json::value x) {
  json::array args;
  args.reserve(2);
  args.emplace_back(nullptr);
  args.emplace_back(std::move(x));
  return {std::move(args), nullptr};
}

answer succeeded() {
  json::array args;
  args.emplace_back(nullptr);
  return {std::move(args), nullptr};
}

answer succeeded_text(std::string_view x, std::string_view more) {
  std::string text;
  text.reserve(x.size() + more.size() + 8);
  text += "[null,";
  text += x;
  text += more;
  text += ']';
  return {{}, std::make_shared<const std::string>(std::move(text))};
}

} // namespace atrium::net::iobroker
