#pragma once

#include "schema/json.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace atrium {

/// Writes JSON values as `append_json` promises; and, for binary packets, numbers the placeholders
/// it comes across.
class json_writer {
public:
  explicit json_writer(std::string& out) noexcept : out_(out) {
  }

  /// A writer for the arguments of a packet that has `attachments` attachments. Each placeholder
  /// gets the next number, and the attachment it refers to is appended to `order`; one that refers
  /// to none is written as null.
  json_writer(std::string& out, std::size_t attachments, std::vector<std::size_t>& order) noexcept
    : out_(out),
      order_(&order),
      attachments_(attachments) {
  }

  void write(const json::value& x);
  void write(const json::array& x);
  void write(const json::object& x);

private:
  void write_placeholder(const json::object& x);

  std::string& out_;
  std::vector<std::size_t>* order_ = nullptr;
  std::size_t attachments_ = 0;
};

} // namespace atrium
