#pragma once

#include "actors/catalog.hpp"
#include "actors/journal.hpp"
#include "actors/reader.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/actor_fixture.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atrium::test {

/// A store that fails on demand and counts its commits.
class spy_store final : public storage::journal_store {
public:
  struct controls {
    std::optional<storage::failure> failure;
    std::vector<std::size_t> commits;
  };

  spy_store(storage::journal_store_ptr next, std::shared_ptr<controls> control)
    : next_{std::move(next)},
      control_{std::move(control)} {
  }

  storage::outcome<storage::recovered> recover() override {
    return next_->recover();
  }

  storage::outcome<std::vector<journaled_change>> states_below(std::string_view device) override {
    return next_->states_below(device);
  }

  storage::outcome<storage::sequence_range>
  commit(std::span<const storage::write> writes) override {
    if (control_->failure)
      return *control_->failure;
    control_->commits.push_back(writes.size());
    return next_->commit(writes);
  }

private:
  storage::journal_store_ptr next_;
  std::shared_ptr<controls> control_;
};

/// Remembers what it hears, and in which order.
struct feed_log {
  explicit feed_log(feed_actor::pointer) noexcept {
  }
  std::vector<batch_ptr> batches;
};

inline feed_actor::behavior_type fake_feed(feed_actor::stateful_pointer<feed_log> self) {
  return {
    [self](atom::publish, const batch_ptr& x) { self->state.batches.push_back(x); },
  };
}

/// An adapter that answers a command when the test says so.
struct adapter_log {
  explicit adapter_log(adapter_actor::pointer) noexcept {
  }
  /// What it was told first; none until then.
  std::optional<known_states> known;
  std::vector<device_command> commands;
  std::vector<caf::typed_response_promise<caf::ok_atom>> answers;
};

inline adapter_actor::behavior_type
fake_adapter(adapter_actor::stateful_pointer<adapter_log> self) {
  return {
    [self](atom::restore, known_states& x) { self->state.known = std::move(x); },
    [self](atom::command, device_command& x) {
      self->state.commands.push_back(std::move(x));
      return self->state.answers.emplace_back(self->make_response_promise<caf::ok_atom>());
    },
  };
}

inline write_request make_write(std::string id, json::value val, bool ack = false) {
  write_request result;
  result.id = std::move(id);
  result.write.val = std::move(val);
  result.write.ack = ack;
  result.write.from = "test";
  result.write.user = "system.user.admin";
  return result;
}

inline object_write make_object_write(std::string id, json::value body) {
  return {std::move(id), std::move(body), {"test", "system.user.admin"}, false};
}

/// Journal, readers and catalog on a store in memory, with a clock that stands still.
struct model_fixture : actor_fixture {
  model_fixture() {
    auto store = folder->open_store().value();
    journal = own(
      sys.spawn(atrium::journal, journal_options{},
                storage::journal_store_ptr{std::make_unique<spy_store>(std::move(store), control)},
                sequence{0}, gauge));
    readers = own(sys.spawn(reader_pool, std::size_t{1},
                            start_reader{[this] { return sys.spawn(reader, folder); }}));
    catalog = start_catalog();
    feed = own(sys.spawn(fake_feed));
    self->send(journal, atom::feed_v, feed);
    run();
  }

  catalog_actor start_catalog() {
    catalog_options options;
    options.device.now = [this] { return now; };
    auto result = own(sys.spawn(atrium::catalog, options, catalog_links{journal, readers, gauge},
                                std::make_shared<const storage::recovered>()));
    self->send(journal, atom::serve_v, feed_actor{result});
    return result;
  }

  state_ptr state_at(const std::string& id) {
    return ask<state_ptr>(catalog, atom::get_state_v, id);
  }

  json::value value_at(const std::string& id) {
    auto x = state_at(id);
    return x ? x->val : json::value(nullptr);
  }

  sequence put(std::string id, json::value body) {
    return ask<sequence>(catalog, atom::put_object_v,
                         make_object_write(std::move(id), std::move(body)));
  }

  sequence set(write_request x) {
    return ask<sequence>(catalog, atom::write_v, std::move(x));
  }

  epoch_ms now = 1'700'000'000'000;
  storage::data_folder_ptr folder = storage::make_memory_folder();
  std::shared_ptr<spy_store::controls> control = std::make_shared<spy_store::controls>();
  journal_gauge_ptr gauge = std::make_shared<journal_gauge>();
  journal_actor journal;
  reader_actor readers;
  catalog_actor catalog;
  feed_actor feed;
};

} // namespace atrium::test
