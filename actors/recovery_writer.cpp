#include "actors/recovery_writer.hpp"

#include "actors/guard.hpp"

#include <caf/system_messages.hpp>

#include <utility>

namespace atrium {

recovery_writer_actor::behavior_type
recovery_writer_state::make_behavior(storage::recovery_store_ptr store,
                                     std::shared_ptr<recovery_backlog> backlog,
                                     std::chrono::milliseconds interval) {
  store_ = std::move(store);
  backlog_ = std::move(backlog);
  interval_ = interval;
  guard(self_);
  self_->set_down_handler([this](const caf::down_msg&) {
    --lanes_;
    end_when_alone();
  });
  self_->set_exit_handler([this](const caf::exit_msg&) {
    ending_ = true;
    end_when_alone();
  });
  return {
    [this](atom::serve, const namespace_actor& lane) {
      ++lanes_;
      self_->monitor(lane);
    },
    [this](atom::append, storage::recovery_batch_ptr& x) { append(x); },
    [this](atom::commit) { commit(); },
  };
}

void recovery_writer_state::append(storage::recovery_batch_ptr& x) {
  if (x->clear)
    broken_.erase(x->nsp);
  if (broken_.contains(x->nsp))
    return written(*x);
  if (pending_.empty())
    self_->delayed_send(self_, interval_, atom::commit_v);
  pending_.push_back(std::move(x));
}

void recovery_writer_state::commit() {
  auto batches = std::exchange(pending_, {});
  if (batches.empty())
    return;
  auto done = store_->commit(batches);
  for (auto& batch : batches)
    written(*batch);
  if (! done) {
    for (auto& batch : batches)
      broken_.insert(batch->nsp);
    if (! std::exchange(failing_, true))
      log::error("recovery-commit-failed", done.error().message);
    backlog_->losses.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (std::exchange(failing_, false))
    log::info("recovery-commit-succeeded", "sessions and packets are kept again");
}

void recovery_writer_state::written(const storage::recovery_batch& x) {
  std::size_t bytes = 0;
  for (auto& packet : x.packets)
    bytes += packet_log::bytes_of(*packet);
  backlog_->bytes.fetch_sub(bytes, std::memory_order_relaxed);
}

void recovery_writer_state::end_when_alone() {
  if (! ending_ || lanes_ > 0)
    return;
  commit();
  self_->quit(caf::exit_reason::user_shutdown);
}

recovery_writer_actor::behavior_type
recovery_writer(recovery_writer_actor::stateful_pointer<recovery_writer_state> self,
                storage::recovery_store_ptr store, std::shared_ptr<recovery_backlog> backlog,
                std::chrono::milliseconds interval) {
  return self->state.make_behavior(std::move(store), std::move(backlog), interval);
}

} // namespace atrium
