#include "api/detail/namespace_core.hpp"

#include "api/detail/event_data.hpp"
#include "api/detail/guarded.hpp"
#include "api/detail/parent_adapter.hpp"
#include "api/detail/server_core.hpp"
#include "api/memory_adapter.hpp"

namespace atrium::api::detail {

namespace {

std::unique_ptr<adapter> make_adapter(namespace_core& nsp) {
  if (nsp.is_parent())
    return std::make_unique<parent_adapter>(nsp);
  auto& factory = nsp.owner.options.adapter;
  return factory ? factory(nsp) : std::make_unique<memory_adapter>(nsp);
}

} // namespace

namespace_core::namespace_core(server_core& owner_, std::string name_, namespace_actor lane_,
                               std::shared_ptr<const namespace_core> parent_, recovery_link link)
  : owner{owner_},
    name{std::move(name_)},
    lane{std::move(lane_)},
    parent{std::move(parent_)},
    offsets{std::move(link.offsets)},
    published{link.published},
    table_{parent ? parent->table_ : std::make_shared<handler_table>()},
    adapter_{make_adapter(*this)},
    passing_{parent && owner_.options.cleanup_empty_child_namespaces} {
}

namespace_core::~namespace_core() = default;

handler_table& namespace_core::own_table() {
  if (table_.use_count() > 1)
    table_ = std::make_shared<handler_table>(*table_);
  return *table_;
}

void namespace_core::on_server_side_emit(payload content,
                                         std::function<void(payload)> answer) const {
  auto x = make_event(std::move(content));
  if (answer)
    x.data_->answer = std::make_unique<std::function<void(payload)>>(std::move(answer));
  auto listeners = table_->server_side.find(x.name());
  if (listeners == table_->server_side.end())
    return;
  for (auto& f : listeners->second)
    guarded(*runtime::worker::current(), [&] { f(x); });
}

} // namespace atrium::api::detail
