#include "api/cluster_adapter.hpp"
#include "tests/api/adapter_suite.hpp"
#include "tests/api/loopback_bus.hpp"

using namespace atrium;

namespace {

std::unique_ptr<test::cluster> nodes(std::size_t count) {
  api::cluster_options options;
  options.bus = std::make_shared<test::loopback_bus>();
  return std::make_unique<test::cluster>(count, [options](std::size_t) {
    return api::clustered(options);
  });
}

} // namespace

TEST_CASE("the adapter in memory keeps what adapters promise") {
  test::adapter_suite([] {
    return std::make_unique<test::cluster>(1, [](std::size_t) { return api::adapter_factory{}; });
  });
}

TEST_CASE("a cluster of one node keeps what adapters promise") {
  test::adapter_suite([] { return nodes(1); });
}

TEST_CASE("a cluster of two nodes keeps what adapters promise") {
  test::adapter_suite([] { return nodes(2); });
}

TEST_CASE("a cluster of three nodes keeps what adapters promise") {
  test::adapter_suite([] { return nodes(3); });
}
