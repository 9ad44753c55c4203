#include "api/detail/cluster_node.hpp"

#include "actors/interfaces.hpp"
#include "actors/runtime/coroutines.hpp"
#include "api/detail/namespace_core.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace atrium::api::detail {

namespace {

using type = cluster_message_type;

cluster_message message(type what) {
  cluster_message x;
  x.type = what;
  return x;
}

/// A message that answers another.
cluster_message answer_to(const std::string& request, type what) {
  auto x = message(what);
  x.request = request;
  return x;
}

/// Sends on what the sockets of this node answer to a broadcast of another. Any thread.
class remote_sink final : public ack_sink {
public:
  remote_sink(cluster_link_ptr link, std::string asker, std::string request)
    : link_{std::move(link)},
      asker_{std::move(asker)},
      request_{std::move(request)} {
  }

  void expect(std::uint64_t sockets) override {
    auto x = answer_to(request_, type::broadcast_count);
    x.count = sockets;
    link_->send(asker_, std::move(x));
  }

  void answer(payload args) override {
    auto x = answer_to(request_, type::broadcast_answer);
    x.content = std::move(args);
    link_->send(asker_, std::move(x));
  }

private:
  cluster_link_ptr link_;
  std::string asker_;
  std::string request_;
};

} // namespace

cluster_node::cluster_node(caf::actor_config& cfg, runtime::worker& home, cluster_link_ptr link,
                           std::shared_ptr<memory_adapter> here)
  : pinned{cfg, home},
    link_{std::move(link)},
    here_{std::move(here)},
    roster_{home, link_->options.heartbeat_timeout, link_->options.nodes_max,
            [this](const std::string& node) { requests_.lose(node); }},
    requests_{home},
    heartbeat_{home} {
}

cluster_node::behavior_type cluster_node::make_behavior() {
  return {
    [this](atom::start, const namespace_ptr& nsp) { start(nsp); },
    [this](atom::deliver, const std::string& bytes) { receive(bytes); },
    [this](atom::collect, const ack_order& x) {
      auto nodes = roster_.nodes();
      auto waits = std::make_unique<ack_collection>(x.to, nodes);
      requests_.add(x.request, std::move(waits), std::move(nodes), x.timeout);
    },
    [this](atom::select, const fetch_order& x) {
      auto promise = make_response_promise<socket_descriptions>();
      auto nodes = roster_.nodes();
      auto alone = nodes.empty();
      requests_.add(x.request, std::make_unique<fetch_request>(promise), std::move(nodes),
                    x.timeout);
      auto question = answer_to(x.request, type::fetch_sockets);
      question.how = x.how;
      if (! alone)
        link_->publish(std::move(question));
      return promise;
    },
    [this](atom::emit, const emit_order& x) {
      auto promise = make_response_promise<broadcast_answers>();
      requests_.add(x.request, std::make_unique<emit_request>(promise), roster_.nodes(), x.timeout);
      auto question = answer_to(x.request, type::server_side_emit);
      question.content = x.event;
      link_->publish(std::move(question));
      return promise;
    },
    [this](atom::stats) {
      seen_.nodes = roster_.size();
      return seen_;
    },
  };
}

// -- its life ------------------------------------------------------------------------------

void cluster_node::start(const namespace_ptr& nsp) {
  if (nsp_)
    return;
  nsp_ = nsp;
  auto self = caf::actor_cast<cluster_node_actor>(this);
  link_->guarded([&](cluster_bus& bus) {
    bus.join(link_->nsp, link_->node, [self](std::string bytes) {
      caf::anon_send(self, atom::deliver_v, std::move(bytes));
    });
  });
  link_->publish(message(type::hello));
  beat();
}

void cluster_node::beat() {
  heartbeat_.arm(link_->options.heartbeat_interval, [this] {
    link_->publish(message(type::heartbeat));
    beat();
  });
}

void cluster_node::on_exit() {
  heartbeat_.cancel();
  roster_.clear();
  requests_.lose_all();
  if (! nsp_)
    return;
  link_->publish(message(type::goodbye));
  link_->guarded([this](cluster_bus& bus) { bus.leave(link_->nsp, link_->node); });
  nsp_.reset();
}

// -- from the bus --------------------------------------------------------------------------

void cluster_node::refuse(std::uint64_t& count, const char* what) const {
  ++count;
  link_->report(what);
}

void cluster_node::receive(const std::string& bytes) {
  auto x = decode_cluster_message(bytes, link_->options.messages);
  if (! x)
    return refuse(seen_.malformed, x.error() == errc::limit_exceeded
                                     ? "a message is beyond the limits"
                                     : "a message cannot be read");
  if (x->nsp != link_->nsp)
    return refuse(seen_.foreign, "a message is for another namespace");
  if (x->from == link_->node)
    return;
  roster_.heard(x->from);
  switch (x->type) {
    case type::hello: enter(*x); return link_->send(x->from, message(type::heartbeat));
    case type::heartbeat: return enter(*x);
    case type::goodbye: return roster_.leave(x->from);
    case type::fetched_sockets:
    case type::server_side_answer:
    case type::broadcast_count:
    case type::broadcast_answer: return requests_.answer(*x);
    default: return obey(*x);
  }
}

void cluster_node::enter(const cluster_message& x) {
  if (! roster_.enter(x.from))
    link_->report("there are more nodes than nodes_max");
}

void cluster_node::obey(cluster_message& x) {
  switch (x.type) {
    case type::broadcast: return broadcast(x);
    case type::sockets_join: return here_->add_sockets(x.how, x.rooms);
    case type::sockets_leave: return here_->del_sockets(x.how, x.rooms);
    case type::disconnect_sockets: return here_->disconnect_sockets(x.how, x.close);
    case type::server_side_emit: return emit_here(x);
    default:
      return runtime::spawn(home(), describe(nsp_, here_, link_, std::move(x)), "cluster node");
  }
}

void cluster_node::broadcast(const cluster_message& x) {
  if (x.request.empty())
    return here_->broadcast(x.content, x.how);
  auto within = x.how.timeout.value_or(std::chrono::milliseconds{0});
  here_->broadcast_with_ack(x.content, x.how, within,
                            std::make_shared<remote_sink>(link_, x.from, x.request));
}

void cluster_node::emit_here(cluster_message& x) {
  std::function<void(payload)> answer;
  if (! x.request.empty())
    answer = [link = link_, asker = x.from, request = x.request](payload args) {
      auto out = answer_to(request, type::server_side_answer);
      out.content = std::move(args);
      link->send(asker, std::move(out));
    };
  nsp_->on_server_side_emit(std::move(x.content), std::move(answer));
}

/// @param nsp is kept for `here`.
asio::awaitable<void>
cluster_node::describe([[maybe_unused]] namespace_ptr nsp, std::shared_ptr<memory_adapter> here,
                       cluster_link_ptr link, cluster_message question) {
  auto x = answer_to(question.request, type::fetched_sockets);
  x.sockets = co_await here->fetch_sockets(std::move(question.how));
  link->send(question.from, std::move(x));
}

} // namespace atrium::api::detail
