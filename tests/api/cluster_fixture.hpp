#pragma once

#include "api/cluster_adapter.hpp"
#include "tests/api/adapter_suite.hpp"
#include "tests/api/cluster_messages.hpp"
#include "tests/api/loopback_bus.hpp"

#include <algorithm>
#include <optional>

namespace atrium::test {

/// Servers that a bus with faults makes one.
class cluster_fixture {
public:
  using message = api::detail::cluster_message;
  using type = api::detail::cluster_message_type;

  explicit cluster_fixture(std::size_t servers = 3)
    : all{servers, [this](std::size_t) { return api::clustered(options()); }} {
  }

  api::cluster_adapter& node(std::size_t i) {
    return dynamic_cast<api::cluster_adapter&>(all.at(i).sockets().adapter());
  }

  api::cluster_stats stats(std::size_t i) {
    return got(node(i).stats());
  }

  /// How many other nodes a node knows.
  std::uint64_t others(std::size_t i) {
    return stats(i).nodes;
  }

  /// Nobody hears this node any more.
  void silence(std::size_t i) {
    bus->loses
      = [who = node(i).id()](const message& x, const std::string&) { return x.from == who; };
  }

  /// What a coroutine gives without time passing.
  template <class T>
  T got(boost::asio::awaitable<T> x) {
    auto later = begin(std::move(x));
    REQUIRE(*later);
    return std::move(**later);
  }

  /// Starts a coroutine; what it gives comes into the result, and what it throws into `failed`.
  template <class T>
  std::shared_ptr<std::optional<T>> begin(boost::asio::awaitable<T> x) {
    auto out = std::make_shared<std::optional<T>>();
    all.start(run(std::move(x), out, failed));
    return out;
  }

  /// Hands a message to a node as if `from` had sent it.
  void inject(std::size_t to, message x) {
    bus->inject(node(to).id(), encode_cluster_message(x));
    all.run();
  }

  std::shared_ptr<loopback_bus> bus = std::make_shared<loopback_bus>();
  /// What was reported to `on_error`.
  lines errors;
  std::optional<boost::system::error_code> failed;
  std::size_t nodes_max = 10;
  cluster all;

private:
  template <class T>
  static boost::asio::awaitable<void>
  run(boost::asio::awaitable<T> x, std::shared_ptr<std::optional<T>> out,
      std::optional<boost::system::error_code>& failed) {
    try {
      out->emplace(co_await std::move(x));
    } catch (const boost::system::system_error& e) {
      failed = e.code();
    }
  }

  api::cluster_options options() {
    api::cluster_options result;
    result.bus = bus;
    result.nodes_max = nodes_max;
    result.on_error = [this](std::string_view nsp, std::string_view what) {
      errors.push_back(std::string{nsp} + ": " + std::string{what});
    };
    return result;
  }
};

} // namespace atrium::test
