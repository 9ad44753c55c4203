#include "actors/journal.hpp"

#include "actors/failure.hpp"
#include "actors/guard.hpp"
#include "actors/runtime/timer_wheel.hpp"

#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>

namespace atrium {

journal_actor::behavior_type
journal_state::make_behavior(journal_options options, storage::journal_store_ptr store,
                             sequence last, journal_gauge_ptr gauge) {
  options_ = options;
  store_ = std::move(store);
  last_ = last;
  gauge_ = std::move(gauge);
  guard(self_);
  self_->set_down_handler([this](const caf::down_msg& x) { forget_feed(x.source); });
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    commit();
    self_->quit(x.reason);
  });
  return {
    [this](atom::append, owner_actor& owner, append_generation generation, storage::write& what) {
      return append(owner, generation, what);
    },
    [this](atom::fence) {
      commit();
      return last_;
    },
    [this](atom::serve, feed_actor& catalog) { catalog_ = std::move(catalog); },
    [this](atom::feed, feed_actor& feed) {
      self_->monitor(feed);
      feeds_.push_back(std::move(feed));
    },
    [this](atom::commit) { commit(); },
    [this](atom::tick) {
      armed_ = false;
      try_again();
    },
  };
}

caf::result<sequence>
journal_state::append(owner_actor& owner, append_generation generation, storage::write& what) {
  // The commit queues up behind every append that is already waiting.
  if (pending_.empty())
    self_->send(self_, atom::commit_v);
  auto promise = self_->make_response_promise<sequence>();
  pending_.push_back({std::move(owner), generation, std::move(what), promise});
  if (pending_.size() >= options_.batch_max)
    commit();
  return promise;
}

void journal_state::commit() {
  auto taken = without_refused(std::exchange(pending_, {}));
  if (taken.empty())
    return;
  auto next = std::make_shared<commit_batch>();
  next->first = last_ + 1;
  next->writes.reserve(taken.size());
  for (auto& x : taken)
    next->writes.push_back(std::move(x.what));
  const batch_ptr batch = next;
  if (options_.publish_immediately)
    publish(batch);
  auto begin = runtime::clock::now();
  auto done = store_->commit(batch->writes);
  auto took = runtime::clock::now() - begin;
  for (auto& x : batch->writes)
    gauge_->leave(x);
  if (! done) {
    gauge_->ready(false);
    gauge_->failed();
    refuse(taken, to_error(done.error()));
    return failed(done.error());
  }
  succeeded();
  last_ = done->last;
  gauge_->committed(taken.size(), took);
  announce(taken, batch);
  if (catalog_)
    self_->send(catalog_, atom::publish_v, batch);
  if (! options_.publish_immediately)
    publish(batch);
  for (std::size_t i = 0; i < taken.size(); ++i)
    taken[i].promise.deliver(sequence{batch->first + i});
}

// -- a storage that refuses --------------------------------------------------------------

void journal_state::succeeded() {
  gauge_->ready(true);
  if (std::exchange(failing_, false))
    log::info("journal-commit-succeeded", "writes are taken again");
}

void journal_state::failed(const storage::failure& why) {
  // Once, however many writes are refused: the log may stand on the disk that is full.
  if (! std::exchange(failing_, true) || ! why.temporary())
    log::error("journal-commit-failed", why.message);
  if (! why.temporary())
    self_->quit(to_error(why));
  else if (! std::exchange(armed_, true))
    self_->delayed_send(self_, options_.retry_interval, atom::tick_v);
}

void journal_state::try_again() {
  if (! failing_)
    return;
  if (auto done = store_->commit({}); done)
    succeeded();
  else
    failed(done.error());
}

// -- what is refused -----------------------------------------------------------------------

journal_state::pending_appends journal_state::without_refused(pending_appends xs) {
  if (refused_.empty())
    return xs;
  auto stale = [this](const pending_append& x) {
    auto i = refused_.find(x.owner.id());
    if (i == refused_.end())
      return false;
    if (x.generation <= i->second)
      return true;
    refused_.erase(i);
    return false;
  };
  pending_appends kept;
  for (auto& x : xs) {
    if (! stale(x)) {
      kept.push_back(std::move(x));
      continue;
    }
    gauge_->leave(x.what);
    x.promise.deliver(caf::make_error(errc::storage_failed));
  }
  return kept;
}

void journal_state::announce(const pending_appends& xs, const batch_ptr& batch) {
  struct share {
    const owner_actor* owner;
    batch_places places;
  };
  std::vector<share> shares;
  std::unordered_map<caf::actor_id, std::size_t> index;
  for (std::uint32_t i = 0; i < xs.size(); ++i) {
    auto [at, added] = index.emplace(xs[i].owner.id(), shares.size());
    if (added)
      shares.push_back({&xs[i].owner, {}});
    shares[at->second].places.push_back(i);
  }
  for (auto& x : shares)
    self_->send(*x.owner, atom::committed_v, batch, std::move(x.places));
}

void journal_state::publish(const batch_ptr& batch) {
  for (auto& feed : feeds_)
    self_->send(feed, atom::publish_v, batch);
}

void journal_state::refuse(pending_appends& xs, const caf::error& why) {
  for (auto& x : xs)
    refuse_owner(x);
  for (auto& x : xs)
    x.promise.deliver(caf::error{why});
}

void journal_state::refuse_owner(const pending_append& x) {
  auto [i, added] = refused_.emplace(x.owner.id(), x.generation);
  if (! added && i->second >= x.generation)
    return;
  i->second = x.generation;
  self_->send(x.owner, atom::refused_v, x.generation);
}

void journal_state::forget_feed(const caf::actor_addr& gone) {
  std::erase_if(feeds_, [&](auto& x) { return x.address() == gone; });
}

journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self, journal_options options,
        storage::journal_store_ptr store, sequence last, journal_gauge_ptr gauge) {
  return self->state.make_behavior(options, std::move(store), last, std::move(gauge));
}

} // namespace atrium
