#include "actors/start.hpp"

#include "actors/reader.hpp"

#include <atomic>
#include <utility>

namespace atrium {

namespace {

/// Spawns on a thread of its own, or for tests on the workers.
template <class F, class... Ts>
auto spawn(caf::actor_system& sys, bool detached, F f, Ts&&... xs) {
  return detached ? sys.spawn<caf::detached>(f, std::forward<Ts>(xs)...)
                  : sys.spawn(f, std::forward<Ts>(xs)...);
}

template <class Handle>
void adopt(const hub_actor& hub, stop_stage stage, const Handle& x) {
  caf::anon_send(hub, atom::adopt_v, stage, caf::actor_cast<caf::strong_actor_ptr>(x), true);
}

/// Starts adapters on one worker after the other.
start_adapter
starter(runtime::system& system, const catalog_actor& catalog, const journal_gauge_ptr& gauge) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return [&system, model = model_actor{catalog}, gauge, next](const adapter_instance& x) {
    auto& home = system.at(next->fetch_add(1) % system.workers());
    return make_adapter(x.type, {&home, x.name, model, gauge}, x.settings);
  };
}

} // namespace

storage::outcome<model_handles>
start_model(runtime::system& system, const storage::data_folder_ptr& folder, model_options options,
            on_stopped stopped) {
  auto store = folder->open_store();
  if (! store)
    return store.error();
  auto model = (*store)->recover();
  if (! model)
    return model.error();
  auto history = folder->open_history_folder();
  if (! history)
    return history.error();
  auto& sys = system.actors();
  auto detached = options.detached;
  model_handles result;
  result.gauge = std::make_shared<journal_gauge>(options.journal_queue);
  result.hub = sys.spawn(hub, std::move(stopped));
  result.journal
    = spawn(sys, detached, journal, options.journal, std::move(*store), model->last, result.gauge);
  adopt(result.hub, stop_stage::journal, result.journal);
  result.readers = sys.spawn(reader_pool, options.readers, start_reader{[&sys, detached, folder] {
                               return spawn(sys, detached, reader, folder);
                             }});
  adopt(result.hub, stop_stage::journal, result.readers);
  for (auto& x : model->objects)
    if (auto wanted = retention_of(*x.text, options.folder.keep.all))
      options.folder.keep.states.emplace(x.id, *wanted);
  auto folding = spawn(sys, detached, atrium::folder, options.folder, std::move(*history));
  adopt(result.hub, stop_stage::journal, folding);
  result.catalog = sys.spawn(catalog, options.catalog,
                             catalog_links{result.journal, result.readers, result.gauge},
                             std::make_shared<const storage::recovered>(std::move(*model)));
  adopt(result.hub, stop_stage::model, result.catalog);
  caf::anon_send(result.journal, atom::serve_v, feed_actor{result.catalog});
  caf::anon_send(result.journal, atom::feed_v, feed_actor{folding});
  caf::anon_send(result.catalog, atom::start_v);
  adopt(result.hub, stop_stage::adapters,
        sys.spawn(keeper, std::move(options.adapters), result.catalog,
                  starter(system, result.catalog, result.gauge)));
  return result;
}

} // namespace atrium
