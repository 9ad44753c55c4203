#pragma once

#include "actors/device.hpp"
#include "actors/enum_index.hpp"
#include "actors/id_table.hpp"
#include "actors/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace atrium {

struct catalog_options {
  device_options device;
  /// How many devices share the states that stand below no device object.
  std::uint32_t pool = 4;
  /// Answers with more states or objects are encoded by the READERS.
  std::size_t encode_here_max = 64;
  /// Who writes what the hub writes by itself.
  writer self{"system.adapter.atrium.0", "system.user.admin"};
  /// The name of the machine in the objects of the host.
  std::string host = "atrium";
};

/// Whom the catalog talks to.
struct catalog_links {
  journal_actor journal;
  reader_actor readers;
  journal_gauge_ptr gauge;
};

/// What the storage recovered, shared because it is large.
using recovered_model = std::shared_ptr<const storage::recovered>;

/// Every write to a state comes through here, and is passed on to the one device that owns it. When
/// ownership changes, writes to the new owner are held until the journal has answered a fence
/// behind everything that the old one appended; so there is never a second writer, and the
/// committed copy that the new owner starts from is complete. The same happens when a device died,
/// and when an adapter comes, which starts from the committed copy too.
class catalog_state {
public:
  static constexpr auto name = "hub.catalog";

  explicit catalog_state(catalog_actor::pointer self) noexcept : self_{self} {
  }

  catalog_actor::behavior_type
  make_behavior(catalog_options options, catalog_links links, const storage::recovered& model);

  /// The device that owns an id at the moment, if it has been needed; for tests.
  device_actor device_of(std::string_view id) const {
    auto* entry = table_.find(id);
    return entry ? slots_[entry->owner].actor : device_actor{};
  }

private:
  using promise = caf::typed_response_promise<sequence>;

  struct held_write {
    write_request write;
    promise answer;
  };

  /// One device, or one of the pool.
  struct owner_slot {
    /// Empty: of the pool.
    std::string prefix;
    /// Absent until the first write.
    device_actor actor;
    /// Which life of the actor this is.
    std::uint32_t life = 1;
    /// How many answers must come before writes pass again.
    std::uint32_t holds = 0;
    std::vector<held_write> held;
  };

  struct pending_object {
    object_ptr latest;
    std::uint32_t in_flight = 0;
  };

  // -- start (catalog.cpp) --
  void recover(const storage::recovered& model);
  void start();
  void stop(const caf::error& reason);

  // -- reads (catalog.cpp) --
  caf::result<text_ptr> states(const states_query& query);
  caf::result<text_ptr> objects(const objects_query& query);
  void publish(const commit_batch& batch);

  // -- devices (catalog_devices.cpp) --
  caf::result<sequence> write(write_request& x);
  void pass(write_request& x, promise& answer);
  const device_actor& actor_of(owner_slot& slot);
  write_route route_of(const write_request& x, id_entry& entry, const owner_slot& slot);
  id_entry& entry_of(const std::string& id);
  std::uint32_t owner_of(std::string_view id) const;
  void add_device(const std::string& prefix);
  void remove_device(const std::string& prefix);
  std::set<std::uint32_t> reassign(const std::string& prefix, std::set<std::uint32_t>& from);
  void hold(const std::set<std::uint32_t>& owners);
  void let_pass(const std::set<std::uint32_t>& owners);
  void
  release(std::uint32_t from, const std::string& prefix, std::set<std::uint32_t> to, bool ends);
  void restart(const caf::actor_addr& gone);
  /// Calls `done` behind all that devices have appended, those that died too.
  void fence(std::function<void()> done);
  void attach(const std::string& instance, const adapter_actor& adapter);
  void restore(const std::string& instance, const adapter_actor& adapter);
  void detach(const std::string& instance);

  // -- objects (catalog_objects.cpp) --
  caf::result<sequence> put(object_write& x);
  object_ptr latest_object(const std::string& id) const;
  storage::write take_object(object_ptr x);
  caf::result<sequence> append(object_ptr x);
  caf::result<sequence> append_with_value(object_ptr x, state_write value);
  void commit_object(const storage::object_change& x);
  void place_object(id_entry& entry, object_ptr x, const std::string& id);
  void add_default_acl(json::object& body) const;
  std::shared_ptr<const enum_index> enums();
  void fall_back(append_generation refused);

  catalog_actor::pointer self_;
  catalog_options options_;
  catalog_links links_;
  id_table table_;
  std::vector<owner_slot> slots_;
  /// Device objects by id.
  std::unordered_map<std::string, std::uint32_t> devices_;
  std::map<std::string, adapter_actor, std::less<>> adapters_;
  std::map<std::string, object_ptr> enum_objects_;
  std::shared_ptr<const enum_index> enums_;
  append_generation generation_ = 1;
  std::unordered_map<std::string, pending_object> pending_;
  bool stopping_ = false;
};

/// Starts with the model as the storage recovered it.
catalog_actor::behavior_type
catalog(catalog_actor::stateful_pointer<catalog_state> self, catalog_options options,
        catalog_links links, recovered_model model);

} // namespace atrium
