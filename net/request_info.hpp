#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::net {

/// Pairs of a name and a value in the order in which they came, in one block of memory: what a
/// session keeps of its request for as long as it lives.
class name_values {
public:
  struct item {
    std::string_view name;
    std::string_view value;
  };

  /// Adds a pair; parts longer than 64 KiB are cut.
  void add(std::string_view name, std::string_view value);

  [[nodiscard]] std::size_t size() const noexcept {
    return spans_.size();
  }

  /// The pair at `i`; its views live until the next `add`.
  [[nodiscard]] item at(std::size_t i) const noexcept;

  /// The last value of `name`, compared exactly.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// Gives back what was reserved and is not used.
  void shrink();

private:
  struct span {
    std::uint32_t offset;
    std::uint16_t name_bytes;
    std::uint16_t value_bytes;
  };

  std::string text_;
  std::vector<span> spans_;
};

/// A request as programs see it: its line and headers, never its body.
struct request_info {
  std::string method;
  /// As it was on the wire: path and query.
  std::string target;
  /// HTTP headers, their names in lower case. Of repeated ones `find` gives the last.
  name_values headers;
  /// The decoded query. Of repeated names `find` gives the last.
  name_values query;
  boost::asio::ip::address remote_address;
  std::uint16_t remote_port = 0;
  /// Whether it came over TLS.
  bool secure = false;
  /// Whether it asks for a WebSocket.
  bool upgrade = false;
  /// The subject of the certificate that the client showed, as RFC 2253 writes it; null when it
  /// showed none.
  std::shared_ptr<const std::string> client_certificate;

  /// The target up to its query, not decoded; of several slashes that it begins with, the last one
  /// counts.
  [[nodiscard]] std::string_view path() const noexcept;

  /// A header's value, or nothing in it. @pre `name` is lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;

  /// Of a query parameter, what `header` is of a header.
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
};

/// Decodes `a=b&c=d` as URLSearchParams does: `+` is a space, broken escapes are kept as they are.
name_values parse_query(std::string_view text);

/// The decoded value of the last field `name` of a form, which may be long; absent if there is
/// none.
std::optional<std::string> form_field(std::string_view form, std::string_view name);

} // namespace atrium::net
