#pragma once

#include "tests/api/api_fixture.hpp"

#include <functional>

namespace atrium::test {

/// Servers on one simulated system whose adapters make them one, or a server alone.
class cluster : public actor_fixture {
public:
  using client = api_fixture::client;

  /// @param factory makes the adapters of the server with this number.
  cluster(std::size_t servers, const std::function<api::adapter_factory(std::size_t)>& factory);
  ~cluster();

  std::size_t size() const noexcept {
    return servers_.size();
  }

  /// How many of three clients are on the first server, of at most three, when they are spread.
  std::size_t on_first() const noexcept {
    return 4 - size();
  }

  /// The server with this number, counted round.
  api::server& at(std::size_t i) {
    return *servers_[i % servers_.size()];
  }

  /// A client of the main namespace of such a server, in rooms; what it was sent is taken.
  client& connect(std::size_t server, const room_names& rooms);

  /// Lets the client send, on its worker, and runs until all rests.
  void on(client& x, std::string_view text);

  /// The ids of the clients, in the order of `connect`.
  const std::string& id(std::size_t i) const {
    return sockets_[i].id();
  }

private:
  std::vector<std::unique_ptr<api::server>> servers_;
  std::list<client> clients_;
  std::vector<api::socket> sockets_;
};

/// What every adapter promises: to be called in a test case, with a new cluster for each section.
void adapter_suite(const std::function<std::unique_ptr<cluster>()>& make);

} // namespace atrium::test
