#include "tests/api/adapter_suite.hpp"
#include "tests/api/loopback_adapter.hpp"

using namespace atrium;

TEST_CASE("the adapter in memory keeps what adapters promise") {
  test::adapter_suite([] {
    return std::make_unique<test::cluster>(1, [](std::size_t) { return api::adapter_factory{}; });
  });
}

TEST_CASE("an adapter of two nodes keeps what adapters promise") {
  test::adapter_suite([] {
    auto bus = std::make_shared<test::loopback>();
    return std::make_unique<test::cluster>(2, [bus](std::size_t) -> api::adapter_factory {
      return [bus](api::detail::namespace_core& nsp) {
        return std::make_unique<test::loopback_adapter>(nsp, bus);
      };
    });
  });
}
