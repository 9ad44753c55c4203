#pragma once

#include "actors/atoms.hpp"
#include "actors/runtime/pinned.hpp"
#include "actors/runtime/timer.hpp"
#include "api/detail/cluster_link.hpp"
#include "api/detail/cluster_requests.hpp"
#include "api/detail/cluster_roster.hpp"
#include "api/memory_adapter.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace atrium::api::detail {

using namespace_ptr = std::shared_ptr<namespace_core>;

/// A broadcast whose sender wants the acknowledgements of the sockets of the other nodes.
struct ack_order {
  std::string request;
  std::shared_ptr<ack_sink> to;
  std::chrono::milliseconds timeout{};
};

/// What is to be asked of the programs of the other nodes.
struct emit_order {
  std::string request;
  payload event;
  std::chrono::milliseconds timeout{};
};

/// What is to be asked of the other nodes about their sockets.
struct fetch_order {
  std::string request;
  broadcast_options how;
  std::chrono::milliseconds timeout{};
};

/// A CLUSTER NODE: one namespace of one server among the others. Pinned; ends by an exit, and then
/// says so to the others and completes what waits for them.
using cluster_node_actor = caf::typed_actor<
  // The namespace is ready: joins the bus.
  caf::reacts_to<atom::start, namespace_ptr>,
  // A message from the bus.
  caf::reacts_to<atom::deliver, std::string>,
  // A broadcast is about to be published whose acknowledgements are wanted.
  caf::reacts_to<atom::collect, ack_order>,
  // Asks the others. Answers what came when all have answered or gone; `errc::timeout` for sockets.
  caf::replies_to<atom::select, fetch_order>::with<socket_descriptions>,
  caf::replies_to<atom::emit, emit_order>::with<broadcast_answers>,
  // What it has seen so far.
  caf::replies_to<atom::stats>::with<cluster_stats>>;

/// The CLUSTER NODE behind a `cluster_adapter`.
class cluster_node final : public runtime::pinned<cluster_node_actor::base> {
public:
  /// @param here does what other nodes ask for; valid as long as the namespace is.
  cluster_node(caf::actor_config& cfg, runtime::worker& home, cluster_link_ptr link,
               std::shared_ptr<memory_adapter> here);

  const char* name() const override {
    return "cluster node";
  }

  void on_exit() override;

protected:
  behavior_type make_behavior() override;

private:
  // -- its life --------------------------------------------------------------------------
  void start(const namespace_ptr& nsp);
  void beat();

  // -- from the bus ----------------------------------------------------------------------
  void receive(const std::string& bytes);
  void refuse(std::uint64_t& count, const char* what) const;
  void enter(const cluster_message& x);
  void obey(cluster_message& x);
  void broadcast(const cluster_message& x);
  void emit_here(cluster_message& x);
  static asio::awaitable<void> describe(namespace_ptr nsp, std::shared_ptr<memory_adapter> here,
                                        cluster_link_ptr link, cluster_message question);

  cluster_link_ptr link_;
  std::shared_ptr<memory_adapter> here_;
  cluster_roster roster_;
  cluster_requests requests_;
  runtime::timer heartbeat_;
  cluster_stats seen_;
  namespace_ptr nsp_; // from start to exit
};

} // namespace atrium::api::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::cluster_stats)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::detail::ack_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::detail::emit_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::detail::fetch_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(atrium::api::detail::namespace_ptr)
