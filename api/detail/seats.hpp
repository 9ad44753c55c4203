#pragma once

#include "api/detail/socket_core.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::api::detail {

/// The sockets of one connection, each with the number by which the lanes know it, in the order in
/// which they came. Few, so that a search beats a map. Used on the connection's worker.
class seats {
public:
  void add(socket_number number, std::shared_ptr<socket_core> x) {
    all_.push_back({number, std::move(x)});
  }

  /// Does nothing if it is not there.
  void remove(const socket_core& x) {
    std::erase_if(all_, [&x](auto& y) { return y.socket.get() == &x; });
  }

  /// The socket in a namespace, or null.
  [[nodiscard]] std::shared_ptr<socket_core> find(std::string_view nsp) const {
    for (auto& x : all_)
      if (x.socket->nsp()->name == nsp)
        return x.socket;
    return nullptr;
  }

  /// The socket of a number, or null. It lives as long as its seat.
  [[nodiscard]] const std::shared_ptr<socket_core>* at(socket_number i) const noexcept {
    for (auto& x : all_)
      if (x.number == i)
        return &x.socket;
    return nullptr;
  }

  [[nodiscard]] std::vector<std::shared_ptr<socket_core>> all() const {
    std::vector<std::shared_ptr<socket_core>> result;
    result.reserve(all_.size());
    for (auto& x : all_)
      result.push_back(x.socket);
    return result;
  }

private:
  struct seat {
    socket_number number;
    std::shared_ptr<socket_core> socket;
  };
  std::vector<seat> all_;
};

} // namespace atrium::api::detail
