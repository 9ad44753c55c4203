#include "actors/adapters/registry.hpp"

#include <algorithm>
#include <iterator>

namespace atrium {

namespace adapters {

#define ATRIUM_ADAPTER(type)                                                                       \
  result<adapter_actor> make_##type(const adapter_context&, const json::object&);
#include "actors/adapters/adapters.def"
#undef ATRIUM_ADAPTER

} // namespace adapters

namespace {

constexpr adapter_entry entries[] = {
#define ATRIUM_ADAPTER(type) {#type, adapters::make_##type},
#include "actors/adapters/adapters.def"
#undef ATRIUM_ADAPTER
};

} // namespace

std::span<const adapter_entry> known_adapters() noexcept {
  return entries;
}

result<adapter_actor>
make_adapter(std::string_view type, const adapter_context& context, const json::object& settings) {
  auto i = std::ranges::find(entries, type, &adapter_entry::type);
  if (i == std::end(entries))
    return errc::no_such_adapter;
  return i->make(context, settings);
}

} // namespace atrium
