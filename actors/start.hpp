#pragma once

#include "actors/catalog.hpp"
#include "actors/folder.hpp"
#include "actors/hub.hpp"
#include "actors/journal.hpp"
#include "actors/keeper.hpp"
#include "actors/runtime/system.hpp"
#include "storage/data_folder.hpp"

#include <cstddef>

namespace atrium {

/// How to run the model.
struct model_options {
  journal_options journal;
  journal_gauge::limits journal_queue;
  catalog_options catalog;
  keeper_options adapters;
  folder_options folder;
  /// How many threads read history and encode large answers.
  std::size_t readers = 2;
  /// false: what blocks runs on the workers; for tests only.
  bool detached = true;
};

/// The running model. The hub owns the actors: they end when it is told to stop.
struct model_handles {
  hub_actor hub;
  journal_actor journal;
  catalog_actor catalog;
  reader_actor readers;
  journal_gauge_ptr gauge;
};

/// Starts the model on the data of `folder`: journal, readers, folder, catalog, adapters, in this
/// order, all under a hub, which calls `stopped` when everything has ended. Blocks until the model
/// is recovered.
storage::outcome<model_handles>
start_model(runtime::system& system, const storage::data_folder_ptr& folder, model_options options,
            on_stopped stopped);

} // namespace atrium
