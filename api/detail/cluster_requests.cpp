#include "api/detail/cluster_requests.hpp"

#include "actors/interfaces.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::api::detail {

// -- the kinds -----------------------------------------------------------------------------

bool fetch_request::take(cluster_message& x) {
  if (x.type == cluster_message_type::fetched_sockets)
    got_.insert(got_.end(), std::make_move_iterator(x.sockets.begin()),
                std::make_move_iterator(x.sockets.end()));
  return x.type == cluster_message_type::fetched_sockets;
}

void fetch_request::finish(bool whole) {
  if (whole)
    to_.deliver(std::move(got_));
  else
    to_.deliver(caf::make_error(errc::timeout));
}

bool emit_request::take(cluster_message& x) {
  if (x.type != cluster_message_type::server_side_answer)
    return false;
  got_.responses.push_back(std::move(x.content.args.front()));
  return true;
}

void emit_request::finish(bool whole) {
  got_.timed_out = ! whole;
  to_.deliver(std::move(got_));
}

ack_collection::ack_collection(std::shared_ptr<ack_sink> to, const std::vector<std::string>& nodes)
  : to_{std::move(to)},
    untold_{nodes.size()} {
  for (const auto& x : nodes)
    nodes_.emplace(x, tally{});
  if (untold_ == 0)
    to_->expect(0);
}

void ack_collection::told(tally& x, std::uint64_t sockets) {
  x.sockets = sockets;
  expected_ += sockets;
  if (--untold_ == 0)
    to_->expect(expected_);
}

bool ack_collection::take(cluster_message& x) {
  auto& from = nodes_.at(x.from);
  if (x.type == cluster_message_type::broadcast_count && ! from.sockets) {
    told(from, x.count);
  } else if (x.type == cluster_message_type::broadcast_answer) {
    ++from.answers;
    to_->answer(std::move(x.content));
  }
  return from.sockets && from.answers >= *from.sockets;
}

void ack_collection::lose(const std::string& node) {
  auto& x = nodes_.at(node);
  if (! x.sockets)
    told(x, x.answers);
  to_->lost(*x.sockets - x.answers);
}

void ack_collection::finish(bool) {
}

// -- those that wait -------------------------------------------------------------------------

struct cluster_requests::entry final : runtime::timer_wheel::entry {
  entry(cluster_requests& owner_, std::string id_, std::unique_ptr<cluster_request> what_,
        std::vector<std::string> missing_)
    : owner{owner_},
      id{std::move(id_)},
      what{std::move(what_)},
      missing{std::move(missing_)} {
  }

  void fire() override {
    owner.finish(std::string{id}, false);
  }

  cluster_requests& owner;
  std::string id;
  std::unique_ptr<cluster_request> what;
  std::vector<std::string> missing;
};

cluster_requests::cluster_requests(runtime::worker& home) noexcept : home_{home} {
}

cluster_requests::~cluster_requests() = default;

void cluster_requests::add(const std::string& id, std::unique_ptr<cluster_request> x,
                           std::vector<std::string> nodes, std::chrono::milliseconds timeout) {
  if (nodes.empty())
    return x->finish(true);
  auto waits = std::make_unique<entry>(*this, id, std::move(x), std::move(nodes));
  home_.timers().arm(*waits, home_.now() + timeout);
  waiting_.insert_or_assign(id, std::move(waits));
}

void cluster_requests::finish(const std::string& id, bool whole) {
  auto done = waiting_.extract(id);
  done.mapped()->what->finish(whole);
}

void cluster_requests::answer(cluster_message& x) {
  auto i = waiting_.find(x.request);
  if (i == waiting_.end())
    return;
  auto& waits = *i->second;
  auto who = std::ranges::find(waits.missing, x.from);
  if (who == waits.missing.end() || ! waits.what->take(x))
    return;
  waits.missing.erase(who);
  if (waits.missing.empty())
    finish(std::string{waits.id}, true);
}

void cluster_requests::lose(const std::string& node) {
  std::vector<std::string> whole;
  for (auto& [id, waits] : waiting_) {
    if (std::erase(waits->missing, node) == 0)
      continue;
    waits->what->lose(node);
    if (waits->missing.empty())
      whole.push_back(id);
  }
  for (auto& id : whole)
    finish(id, true);
}

void cluster_requests::lose_all() {
  while (! waiting_.empty())
    lose(std::string{waiting_.begin()->second->missing.front()});
}

} // namespace atrium::api::detail
