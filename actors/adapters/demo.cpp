// Devices that exist only in memory, move by themselves, and do as they are told after a moment.

#include "actors/adapters/demo_home.hpp"
#include "actors/adapters/registry.hpp"
#include "actors/failure.hpp"
#include "actors/runtime/coroutines.hpp"
#include "actors/runtime/pinned.hpp"
#include "actors/runtime/sleep.hpp"
#include "schema/log.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace atrium::adapters {

namespace {

namespace asio = boost::asio;

struct demo_settings {
  std::chrono::milliseconds interval{5'000};
  std::chrono::milliseconds confirm_delay{50};
};

/// What the actor shares with its coroutines, which may outlive its state.
struct demo_shared {
  explicit demo_shared(adapter_context x) : context{std::move(x)}, running{*context.home} {
  }

  void report(std::vector<demo_report> values) const {
    for (auto& [id, value] : values) {
      write_request x;
      x.id = context.instance + '.' + id;
      x.write.val = std::move(value);
      x.write.ack = true;
      x.write.from = "system.adapter." + context.instance;
      x.write.user = "system.user.admin";
      x.from_owner = true;
      caf::anon_send(context.model, atom::write_v, std::move(x));
    }
  }

  adapter_context context;
  demo_home home;
  runtime::coroutines running;
};

using shared_ptr = std::shared_ptr<demo_shared>;

asio::awaitable<void> live(shared_ptr shared, std::chrono::milliseconds interval) {
  for (;;) {
    co_await runtime::sleep(interval);
    if (! shared->context.gauge->high())
      shared->report(shared->home.step());
  }
}

asio::awaitable<void>
obey(shared_ptr shared, std::chrono::milliseconds delay, std::string id, json::value value) {
  co_await runtime::sleep(delay);
  shared->report(shared->home.set(id, value));
}

class demo final : public runtime::pinned<adapter_actor::base> {
public:
  demo(caf::actor_config& cfg, runtime::worker& home, adapter_context context,
       demo_settings settings)
    : pinned{cfg, home},
      settings_{settings},
      shared_{std::make_shared<demo_shared>(std::move(context))} {
  }

  const char* name() const override {
    return "adapter.demo";
  }

  void on_exit() override {
    // However it ends: the coroutines are cancelled, and what they share lives until the last has
    // ended.
    shared_->running.cancel();
    shared_->running.when_empty([keep = std::move(shared_)] {});
  }

protected:
  behavior_type make_behavior() override {
    announce();
    return {
      [this](atom::restore, const known_states& known) { restore(known); },
      [this](atom::command, device_command& x) { return command(x); },
    };
  }

private:
  void announce() {
    auto& context = shared_->context;
    writer who{"system.adapter." + context.instance, "system.user.admin"};
    for (auto& body : demo_home::objects(context.instance)) {
      auto id = std::string{member_text(body, "_id")};
      caf::anon_send(context.model, atom::put_object_v,
                     object_write{std::move(id), std::move(body), who, true});
    }
  }

  /// Goes on from what was known, does what was still asked for, and reports what is different.
  void restore(const known_states& known) {
    auto& home = shared_->home;
    std::map<std::string, state_ptr> before;
    for (auto& [id, x] : known) {
      auto own = own_id(id);
      if (x->ack)
        home.recall(own, x->val);
      before.emplace(std::move(own), x);
    }
    for (auto& [id, x] : before)
      if (! x->ack && home.check(id, x->val))
        home.set(id, x->val);
    auto reports = home.all();
    std::erase_if(reports, [&before](const demo_report& report) {
      auto i = before.find(report.first);
      return i != before.end() && i->second->ack && i->second->q == 0
             && same_value(i->second->val, report.second);
    });
    shared_->report(std::move(reports));
    shared_->running.spawn(live(shared_, settings_.interval), "adapter.demo.live");
  }

  std::string own_id(const std::string& id) const {
    return id.substr(std::min(id.size(), shared_->context.instance.size() + 1));
  }

  caf::result<caf::ok_atom> command(device_command& x) {
    auto id = own_id(x.id);
    if (auto ok = shared_->home.check(id, x.value.val); ! ok)
      return to_error(ok.error());
    shared_->running.spawn(obey(shared_, settings_.confirm_delay, std::move(id),
                                std::move(x.value.val)),
                           "adapter.demo.obey");
    return caf::ok_atom_v;
  }

  demo_settings settings_;
  shared_ptr shared_;
};

result<std::chrono::milliseconds>
duration_of(const json::object& x, std::string_view key, std::chrono::milliseconds otherwise) {
  auto* value = x.if_contains(key);
  if (! value)
    return otherwise;
  if (! value->is_int64() || value->get_int64() <= 0)
    return errc::invalid_config;
  return std::chrono::milliseconds{value->get_int64()};
}

} // namespace

result<adapter_actor> make_demo(const adapter_context& context, const json::object& settings) {
  demo_settings parsed;
  auto interval = duration_of(settings, "interval_ms", parsed.interval);
  auto delay = duration_of(settings, "confirm_delay_ms", parsed.confirm_delay);
  if (! interval || ! delay)
    return errc::invalid_config;
  parsed = {*interval, *delay};
  return caf::actor_cast<adapter_actor>(
    runtime::spawn_pinned<demo>(*context.home, context, parsed));
}

} // namespace atrium::adapters
